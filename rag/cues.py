"""Cues in sentences and questions: the words by which background, results, reasons, offers and lists are known."""

from __future__ import annotations

import re

from rag.text import terms

BACKGROUND = re.compile(
    r"\b(?:however|existing|recent(?:ly)?|previous(?:ly)?|prior|traditional(?:ly)?|conventional(?:ly)?|current(?:ly)?|"
    r"typically|despite|challeng\w+|remains?|lack\w*|have (?:shown|demonstrated|achieved|gained|been)|has (?:shown|been))\b"
)
OWN = re.compile(
    r"\b(?:we|our|the authors|this (?:paper|work|study|article|report|survey)|propose[sd]?|introduce[sd]?|present(?:s|ed)?)\b"
)
OTHERS_DO = re.compile(
    r"\b(?:existing|previous|prior|popular|conventional|traditional|current|other|most|many|these|such) (?:[\w-]+ ){0,2}?"
    r"(?:methods|approaches|works?|models|benchmarks|datasets|studies|systems|strategies|techniques|efforts|mllms?|llms?|"
    r"vlms?|lvlms?)\b(?! (?:show|demonstrate)\b)"
)
ASKS_PARTS = re.compile(
    r"\b(?:types?|kinds?|categories|stages|steps|components?|modules?|dimensions|aspects|parts|levels|which|what are|ingredients)\b"
)
ENUMERATES = re.compile(
    r": \S.{4}|(?<!\w)\(?(?:1|i|a)\) |\b(?:including|namely|such as|i\.e\.),? |[\w-]+(?: [\w-]+){0,3}, [\w-]+(?: [\w-]+){0,3},? and "
)
CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|caus\w+|stem\w*|aris\w+|attribut\w+|since|reason\w*|hypothes\w+|explain\w*|"
    r"trace[sd]?|so that|therefore|thereby)\b"
)
# What a work is against, and what an acronym is short for, where that is asked.
ASKS_PROBLEM = re.compile(
    r"\bwhat (?:[\w-]+ ){0,2}(?:problem|issue|challenge|gap|shortcoming|drawback|weakness)(?:e?s)?\b.*\b(?:solv|address|tackl|target|fix|"
    r"overcom|deal|mitigat|attack|aim|motivat)\w*|\bmotivat\w+|\bwhy (?:was|were|is|did)\b.*\b(?:propos|develop|built|made|need|introduc)\w*"
)
PROBLEM = re.compile(
    r"\b(?:however|suffer\w*|limit\w*|struggl\w*|challeng\w*|problems?|issues?|fail\w*|lack\w*|cost(?:s|ly)?|expensive|bottleneck\w*|"
    r"inefficien\w*|hard|difficult\w*|scarce|gap|yet|but|overlook\w*|redundan\w*|short of|fall short)\b"
)
ASKS_EXPANSION = re.compile(r"\bstands? for\b|\b(?:acronym|abbreviat\w+|full name|short for|spelled out)\b")
EXPANSION = re.compile(r"\w \([^)]{2,60}\)|\bshort for\b|\bstands? for\b")
OFFER = re.compile(
    r"https?://|\b(?:is|are|will be|been|be made|made) (?:publicly |freely |openly |also )*(?:available|accessible|released|open-?sourced|public)\b|"
    r"\bproject (?:page|website)|\bgithub\b|\bwe (?:will )?(?:release|open-source)\b"
)
ASKS_OFFER = re.compile(
    r"\b(?:code|weights|checkpoints?|release[sd]?|available|availability|public\w*|open|download|link|url|repo\w*|github|"
    r"licen[cs]e|website|page|where can)\b"
)
RESULT = re.compile(
    r"\b(?:experiment\w*|results?|outperform\w*|state-of-the-art|sota|surpass\w*|superior\w*|extensive|comparable|competitive|loses?|drops?|beats?|exceeds?|exceeding|rivals?|points|scores?|consistently|efficiency analyses|empirically|throughput|gains?|compelling|performan(?:ce|t)|lifts?|ahead of|improve[sd]?|improvements?|accurac(?:y|ies))\b|\d%"
)
# How good a work is, told plainly; `RESULT` takes any word of that, for questions that say what they are about.
OUTCOME = re.compile(
    r"\b(?:outperform\w*|surpass\w*|beats?|exceed\w*|state-of-the-art|sota|benchmarks?|experiment\w*|achiev\w+|superior\w*|"
    r"comparabl[ey]|competitive|matches)\b|\d(?:\.\d+)?\s?(?:%|×|x\b)"
)
OUTLOOK = re.compile(r"\b(?:hope|future (?:work|research)|inspire|pave\w* the way|we believe)\b")
DEFINES = re.compile(
    r"^\W*[^.;:]{0,60}?\b(?:is|are) (?:presented as |proposed as |introduced as )?(?:an?|the|one of)\b|"
    r"\b(?:propose|introduce|present|develop|design|build|release|construct|describe|devise|offer)[sd]?\b"
)
ASKS_RESULT = re.compile(
    r"\b(?:results?|outperform\w*|beat\w*|better|best|wins?|perform\w*|scores?|how (?:good|well)|surpass\w*|improve\w*|"
    r"effective\w*|accura\w*|more|less|fewer|faster)\b"
)
# A question that asks which work it was, and what a question asks for, right after the word that asks.
ASKS_WHICH = re.compile(
    r"\b(?:which|what|that) (?:[\w-]+ ){0,2}(?:papers?|works?|methods?|approach(?:es)?|models?|systems?|benchmarks?|datasets?|frameworks?|"
    r"recipes?|techniques?|tests?|tools?|study|studies|projects?|algorithms?|tricks?)\b|\bcalled\b|\bname of\b|\blooking for\b|"
    r"\b(?:has|did|does|do) any\w*|\bis there\b|\bwho\b|\bany (?:work|paper|method)"
)
FOCUS = re.compile(
    r"\b(?:which|what|how many|how much|whose|where|who|when)\b(?: (?:kinds?|types?|sorts?) of)? ((?:[\w-]+ ?){1,3})"
)
TIME = re.compile(r"\s?-?(?:hours?|days?|weeks?|months?|minutes?|seconds?|ms|h\b|years?)")
# Words of questions that say how it is asked, not what about.
ASKING = frozenset(
    terms(
        """how many much long large big fast number amount percentage percent share fraction ratio factor what which who
        when where why does tell explain describe mention report reported according authors author paper abstract
        difference differ compare comparison versus better exactly actually kind sort type way thing something anyone
        somebody someone anybody anything name called known remember recall heard looking please briefly total overall
        between both whole any ever just quick question idea trick recipe list devoted devote try want got library
        include contain discuss talk treat article publication anybody everything trying deal concern cover target
        address look focus handle tackle touch relate regard study studies research researcher say says mention new latest
        tl dr tldr gist summary summarize summarise overview nutshell contribution main
        vs versus differently similar same similarity common contrast distinguish respectively
        """
    )
)

# A question that takes a need for granted ("why does it have to be retrained"), and sentences that deny one.
TAKES_NEED = re.compile(
    r"\b(?:ha(?:ve|s|d) to|needs?(?: to)?|needed|must|requires?|required|forced to|before|so much (?:more|longer)|extra|another)\b"
)
DENIES_NEED = re.compile(
    r"\b(?:without|no (?:additional|extra|further|need|re-?training|fine-?tuning|training)|not (?:need|require)|never|neither|"
    r"[a-z]+-free|free of|same|instead of|rather than|unchanged|frozen|plug-and-play|one-fifth|negligible|minimal|constant)\b"
)
# A question that takes an effect for granted ("by how much does it improve"), and sentences that deny one.
TAKES_EFFECT = re.compile(
    r"\b(?:why|by how much|how (?:much|large|big|far)|(?:what|which) (?:gain|margin|improvement|boost|advantage|benefit)|by what|"
    r"is it true|what makes|how do(?:es)?)\b.*"
    r"\b(?:improv|help|boost|gain|benefit|increas|better|beat|outperform|advantage|margin|rais|effect|fix)\w*"
)
_NO_EFFECT = (
    r"\bno (?:\w+ )?(?:effect|gains?|improvements?|benefits?|difference|advantage|boost|help)\b|"
    r"\b(?:do|does|did|is|are|was|were|has|have|had|can|could|would) not (?:\w+ )?(?:help|improv|benefit|affect|boost|increas|lead|"
    r"enough|sufficient|fix|solve)\w*|"
    r"\b(?:little|limited|marginal|hardly any) (?:\w+ )?(?:effect|gains?|improvements?|benefits?|help)\b"
)
NO_EFFECT = re.compile(_NO_EFFECT)
DENIES_EFFECT = re.compile(
    _NO_EFFECT
    + r"|\bworse\b|\bworsen\w*|\bfails? to\b|\bharms?\b|\bhurts?\b|\bhinders?\b"  # who does worse may be another
)


def is_told(question: str, sentence: str) -> bool:
    """True when `sentence` has a cue of what `question` is after: a cause, a problem, what an acronym is short for."""
    return any(
        asks.search(question) and tells.search(sentence)
        for asks, tells in ((ASKS_WHY, CAUSE), (ASKS_PROBLEM, PROBLEM), (ASKS_EXPANSION, EXPANSION))
    )


def denies(question: str, sentence: str) -> bool:
    """True when `sentence` denies a need or an effect that `question` takes for granted; both in the form to compare."""
    need = TAKES_NEED.search(question) and DENIES_NEED.search(sentence)
    return bool(need or (TAKES_EFFECT.search(question) and DENIES_EFFECT.search(sentence)))


ASKS_HOW = re.compile(
    r"\bhow (?:does|do|did|is|are|was|were|can|could|would)\b(?!.{0,40}\b(?:compare|perform|fare|score|rank|rated|measure|evaluat|"
    r"well|good)\w*)|\bhow it works\b|\bwhat(?:'s| is| are)? the (?:idea|trick|mechanism|method|approach)|\bdiffer\w*|"
    r"\bwhere .*\bcome from\b|\bwhat does .* use\b|\bin common\b"
)
ASKS_WHY = re.compile(r"\bwhy\b|\bwhat (?:causes|makes|is the reason)|\breasons?\b|\bexplain\w*\b|\bhow come\b")
DETAILS = re.compile(r"^\W*(?:more )?(?:specifically|in particular|concretely|namely|to this end|to be specific)\b")
