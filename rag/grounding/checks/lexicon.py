"""The words that the checks know: what means the same, what is opposite, what negates, bounds and universalises.

Plain English and the common words of abstracts; nothing of any one paper.
"""

from __future__ import annotations

import re

from rag.text import terms

IRREGULAR = {
    "frozen": "freeze", "froze": "freeze", "built": "build", "chosen": "choose", "chose": "choose", "kept": "keep",
    "taught": "teach", "held": "hold", "drawn": "draw", "drew": "draw", "written": "write", "wrote": "write",
    "grown": "grow", "grew": "grow", "fallen": "fall", "fell": "fall", "risen": "rise", "rose": "rise",
    "lost": "lose", "beaten": "beat", "begun": "begin", "began": "begin", "broken": "break", "broke": "break",
    "found": "find", "understood": "understand", "thought": "think", "sought": "seek", "brought": "bring",
    "spent": "spend", "sent": "send", "led": "lead", "left": "leave", "met": "meet", "shrunk": "shrink",
    "shrank": "shrink", "driven": "drive", "overcame": "overcome", "bought": "buy", "split": "split", "seen": "see",
}  # fmt: skip

_SAME = """
    image picture photo photograph pictorial
    human people person manual hand
    video film clip
    reduce lower cut decrease lessen shrink
    hallucination hallucinate hallucinatory
    maths mathematics mathematical math
    error mistake inaccuracy
    speed fast quick rapid accelerate speedup quicken
    question query
    expert specialist professional
    train training
    compare comparison
    redundant redundancy
    accurate accuracy accurately
    efficient efficiency
    caption description describe
    doctor physician clinician radiologist
    healthcare medical medicine clinical
    annotate annotation label
    parameter weight
    freeze
    document page
    dataset corpus collection data
    test evaluate evaluation assess assessment examine
    network model
    retain keep preserve maintain
    quantize quantise quantization quantisation
    encode encoder
    compress condense compression
    prune pruning drop discard
    select choose pick selection choice
    memory storage
    layer
    build construct create
    reconstruct reassemble restore
    adjacent neighbouring neighboring
    speaker talker
    global whole overall
    multimodal multi-modal
    answer reply respond response
    initial early first
    shallow
    depth deep
    wide width
    text textual textually
    word wording
    prefill prefilling
    stage phase
    prefer preference
""".strip().splitlines()

NAMELESS = frozenset(
    """
    ai english chinese german french spanish hindi czech european american internet web github science computer
    i january february march april may june july august september october november december transformer transformers
    python llm llms gpt-like url html flops gflops tokens fid map f1
    """.split()
)


def _first(word: str) -> str:
    found = terms(word)
    return found[0] if found else word


CANONICAL = {_first(word): _first(line.split()[0]) for line in _SAME for word in line.split()}

# Which way a word points: up, more, better (+1), down, fewer, worse (-1), level (0).
_UP = """
    outperform outperforms outperformed outperforming surpass surpasses surpassed surpassing exceed exceeds
    exceeded exceeding beat beats beaten beating outdo outdoes better superior superiority ahead overtake
    overtakes lead leads leading outclass outclasses improve improves improved improving improvement
    improvements enhance enhances enhanced enhancing enhancement boost boosts boosted boosting gain gains raise
    raises raised raising increase increases increased increasing rise rises rising rose risen grow grows
    growing grew growth higher more larger bigger greater longer lifts lifting strengthen strengthens benefit
    beneficial stronger strengthened above wider deeper richer widen widens expand enlarge enlarges faster
    quicker accelerate accelerates accelerated speeds speedup acceleration stronger smarter heavier costlier
    dearer harder win wins excel excels excelling outperformance upper past amplify amplifies superlinearly
    prioritize prioritizes prioritizing favour favours prefer prefers preferred
""".split()
_DOWN = """
    underperform underperforms underperformed worse inferior inferiority behind trail trails trailing lag lags
    lagging lose loses losing lost degrade degrades degraded degrading degradation drop drops dropping
    decline declines declining worsen worsens hurt hurts harm harms impair impairs impaired impairing weaken
    weakens weaker diminish diminishes diminished reduce reduces reduced reducing reduction decrease decreases
    decreasing decreased cut cuts cutting lower lowers lowering fewer less smaller shorter slower slow slows
    shrink shrinks fall falls falling below save saves spare lessen lessens mitigate mitigates mitigating
    alleviate alleviates poorly deteriorate deteriorates suffer suffers sacrifice sacrifices narrower shallower
    cheaper sublinearly fade fades fading dwindle dwindles wane wanes vanish vanishes short halve halves halved
    shrinks erode eroding
""".split()
_LEVEL = """
    comparable comparably match matches matching matched rival rivals rivaling rivalling competitive
    competitively level par equal equals equivalent parity close keeps
""".split()
SIGN = dict.fromkeys(_UP, 1) | dict.fromkeys(_DOWN, -1) | dict.fromkeys(_LEVEL, 0)
# Verbs of comparison: what stands before them is set over what stands after them.
OVER = frozenset(
    """
    outperform outperforms outperformed outperforming surpass surpasses surpassed surpassing exceed exceeds exceeded
    exceeding beat beats beaten beating outdo outdoes overtake overtakes outclass outclasses trail trails trailing
    underperform underperforms lag lags lagging prioritize prioritizes
    """.split()
)
# What costs is no measure of how good a thing is.
COSTLY = frozenset(
    """
    lower lowers lowered lowering less fewer cut cuts cutting reduce reduces reduced reducing reduction decrease
    decreases decreased decreasing smaller shorter save saves drop drops shrink shrinks halve halves halved
    """.split()
)
COSTS = frozenset("cheaper dearer costlier heavier".split())
WORTH = OVER | frozenset("better worse superior inferior ahead behind lead leads loses lose wins win".split())
QUANTITIES = frozenset(
    """
    some several most many multiple numerous certain various often sometimes typically usually generally average few
    partly mostly particularly
    """.split()
)
NEEDS = re.compile(
    r"\b(?:needs?|needed|requires?|required|requiring|must|necessary|rel(?:y|ies|ying)|depends?|demands?|ha(?:s|ve) to"
    r"|by|calls? for)\b"
)
SPEEDS = frozenset("faster slower quicker accelerate accelerates accelerated speeds speedup slow slows".split())
EVEN = frozenset(
    "comparable comparably competitive competitively par level rival rivals rivaling match matches".split()
)

# Words of which one stands where the other should: a swap of these turns a statement round.
OPPOSITES = frozenset(
    (a, b)
    for pair in """
    deep shallow;deeper shallower;early late;earlier later;first last;local global;long short;longer shorter
    input output;simple complex;single multiple;single multi;seen unseen;important unimportant;important redundant
    upper lower;dense sparse;static dynamic;frozen trainable;manual automatic;manually automatically
    small large;smaller larger;open closed;open proprietary;high low;higher lower;more fewer;more less;faster slower
    increase decrease;increases decreases;increases reduces;better worse;maximum minimum;maximize minimize
    coarse fine;positive negative;public private;supervised unsupervised;supervised self-supervised;text image
    textual visual;encoder decoder;student teacher;weak strong;often rarely;explicit implicit;homogeneous heterogeneous
    preferred dispreferred;fixed adaptive;fixed dynamic;real synthetic;synthetic real-world;easy hard;online offline
    best worst;majority minority;most few;most least;many few;inside outside;within across;beneficial harmful
    sublinearly superlinearly;necessary unnecessary;sufficient insufficient;stable unstable;consistent inconsistent
    strengthens weakens;prevents causes;mitigates causes;gradually abruptly;serial parallel;parallel sequential
    """.replace("\n", ";").split(";")
    if len(pair.split()) == 2
    for a, b in (pair.split(), pair.split()[::-1])
)

NEGATIONS = frozenset(
    """
    not no without never neither nor none cannot nothing nobody n't lack lacks lacking eliminate eliminates eliminating
    avoid avoids avoiding avoided unable absent absence hardly instead rather agnostic independent regardless
    irrespective unlike fails fail obviate obviates forgo forgoes dispense dispenses needless stop unnecessary
    """.split()
)
# What is not a negation though it has the word, and what is one though it has none.
NOT_NEGATIONS = (
    "not only", "not just", "not merely", "no more than", "no less than", "no fewer than", "no later than",
    "no higher than", "no larger than", "not necessarily only", "no matter", "nothing but", "not all", "not every",
    "rather well", "no worse",
)  # fmt: skip
ALSO_NEGATIONS = (
    "do without", "does without", "done without", "can do without", "free of", "in place of", "gets rid",
    "doing away with", "does away with", "do away with", "replacing",
)  # fmt: skip

UNIVERSALS = frozenset(
    """
    all every any each always never whatever whichever whoever wherever everywhere invariably entirely completely
    altogether wholly totally fully perfectly guarantee guarantees guaranteed guaranteeing prove proves proved
    universally regardless none nothing unanimously flawlessly everything anything
    eliminates eradicates removes solves irrespective
    """.split()
)
SUPERLATIVES = frozenset("best first only largest fastest smallest highest lowest strongest sole most latest".split())
UNIVERSAL_PHRASES = ("no matter", "at all", "without exception", "in every case", "any other", "no other", "no loss")
HEDGES = frozenset(
    """
    some often sometimes may might can could numerous several multiple many most comparable nearly almost roughly about
    around average certain typically usually generally potentially potential suggests suggest tends tend competitive
    approximately partly partially largely mainly mostly likely close various particularly especially negligible
    minimal minor slight slightly appears appear seems estimate estimates if up
    """.split()
)
BOUND_UP = ("up to", "as much as", "as many as", "at most", "at best", "a maximum of", "within", "no more than",
            "as high as", "as far as", "maximum", "peak", "under", "below", "less than", "can", "may", "<")  # fmt: skip
# What may stand before a rounded figure: the figure itself is then more (1), less (-1), or near it (0).
ROUGHLY = dict.fromkeys(
    ("about", "around", "roughly", "approximately", "close to", "some", "~", "≈", "a good", "circa"), 0
)
ROUGHLY |= dict.fromkeys(
    (
        "over",
        "more than",
        "at least",
        "above",
        "beyond",
        "greater than",
        "exceeding",
        "exceeds",
        "upwards of",
        ">",
        "≥",
    ),
    1,
)
ROUGHLY |= dict.fromkeys(
    ("nearly", "almost", "under", "less than", "fewer than", "below", "not quite", "barely", "at most", "up to",
     "as many as", "as much as", "<", "≤"), -1
)  # fmt: skip
