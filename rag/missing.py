"""What the library does not say, put in a sentence that takes up the words of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.attributes import missing_attributes
from rag.citations import without_marks
from rag.model import Paper
from rag.names import name_key
from rag.question import Reading
from rag.select import Candidate
from rag.text import shown


def missing_sentence(reading: Reading, named: Sequence[Candidate], unknown: Sequence[str]) -> str:
    """One sentence that says what the library does not say."""
    asked = without_marks(reading.text)  # "[1]" in a question is no citation of this answer
    if unknown:
        names = " and ".join(dict.fromkeys(unknown))
        if named:
            return f"The abstract of {_called(named[0])} does not mention {names}."
        return f"No paper in the library is about {names}, and none mentions it."
    if len(named) == 1:
        who = _called(named[0])
        if not named[0].spans:
            return f"Of {who} the library has only the title, no abstract."
        gaps, _ = missing_attributes(reading.text, f"{named[0].paper.title} {named[0].paper.abstract}")
        if gaps:
            verb = "say" if gaps[0].startswith(("how ", "who ")) else "give"
            return f"The abstract of {who} does not {verb} {' or '.join(gaps)}."
        clause = _clause(asked, named[0])
        return f"The abstract of {who} does not {f'say {clause}' if clause else 'answer this; the whole paper may'}."
    if named:
        return f"The abstracts of {' and '.join(_called(c) for c in named)} do not say."
    if _POINTS_BACK.search(asked) and len(asked.split()) <= _SHORT:
        return "It is not clear which paper this is about: nothing was asked before it. Name the paper, or its subject."
    topic = _topic(asked)
    return "No paper in the library answers this" + (f": nothing in it is about {topic}." if topic else ".")


_SHORT = 9
_POINTS_BACK = re.compile(
    r"\b(?:its?|they|them|their|that one|this one|he|she|(?:this|that|the) (?:paper|authors?|work|model|method))\b"
    r"(?! (?:on|about|for|from|in|with|that|which|who|where|behind) \w)",
    re.IGNORECASE,
)
_OFFER = (
    "Footnote answers questions from the abstracts of this library, and cites the words that say so for each sentence. "
    "Ask for a fact about a paper by its name, for papers on a subject, or for dates and authors."
)
_ON = "Ask on, whenever you like."
_SMALL_TALK = (
    (
        r"(?:hi+|hello|hey+|good (?:morning|afternoon|evening|day)|greetings|hallo|moin|bonjour|hola|ciao)"
        r"(?: (?:there|again|you|all|footnote|everyone|team))*(?:,? how are you(?: doing)?(?: today)?)?",
        f"Hello. {_OFFER}",
    ),
    (
        r"(?:many |ok(?:ay)?,? |great,? )?(?:thanks?|thank you|thx|cheers|merci|danke|gracias)"
        r"(?: (?:you|a lot|so much|very much|again|for (?:your|the) help|for that|that(?:'s| is| was) \w+))*",
        f"You are welcome. {_ON}",
    ),
    (r"ok(?:ay)?|cool|nice|great|perfect|got it|i see|wow|well done|good job|awesome", f"Good. {_ON}"),
    (r"(?:good ?)?bye(?: bye)?|see you(?: later| soon| tomorrow)?|good night|tschüss|adiós|au revoir", "Goodbye."),
    (
        r"(?:so )?(?:who|what) are you|what is (?:this|footnote)|what can i (?:ask|do)(?: you| here)?|"
        r"(?:what|how) (?:can|do) you (?:do|help|work)(?: for me| me)?|help(?: me)?(?: please)?|test(?:ing)?|"
        r"how (?:does|do i use) (?:this|it|footnote)(?: work)?|how are you(?: doing)?(?: today)?|what'?s up|"
        r"are you (?:there|an? (?:ai|bot|human|robot|llm|chatbot|person|machine|model)|human|real|chatgpt)|"
        r"who (?:made|built|wrote|created) you|what(?:'?s| is) your name",
        _OFFER,
    ),
)


def small_talk(text: str) -> str:
    """What to say to a greeting, to thanks, or to a question about Footnote itself; "" for any other text."""
    bare = " ".join(re.sub(r"[^\w\s',]+", " ", text.casefold()).split()).strip(" ,'")
    return next((said for pattern, said in _SMALL_TALK if re.fullmatch(pattern, bare)), "")


def _called(candidate: Candidate) -> str:
    """What the paper is called: its own name, or that of a part of its work where the question names only that."""
    text = name_key(f"{candidate.paper.title} {candidate.paper.abstract}")
    keys = {name_key(name): name for name in candidate.asked_as}
    if keys and name_key(candidate.name) not in keys:
        return next((name for key, name in keys.items() if key in text), candidate.name) or _title(candidate.paper)
    return candidate.name or _title(candidate.paper)


def _title(paper: Paper) -> str:
    return f"“{shown(paper.title)}”"


_WH = (
    r"^\W*(?:and |but |so )?"
    r"(?P<ask>(?:(?:on|in|with|at|from|for|by|under|to|into|of) )?"
    r"(?:how (?:many|much|long|large|big|fast|deep|well|often|far|old)\b.*?|(?:what|which|whose)\b.*?|where|when|why|"
    r"how|"
    r"who))"
)
_INVERTED = re.compile(
    _WH + r"\s+(?P<verb>does|do|did|is|are|was|were|has|have|had|can|could)\s+(?P<rest>.+?)\W*$", re.IGNORECASE
)
_PLAIN = re.compile(r"^\W*(?:and |but |so )?(?P<all>(?:how|what|which|who)\b.+?)\W*$", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:does|do|did|is|are|was|were|has|have|had|can|could|will|would|should)\b", re.IGNORECASE)
_AFTER_SUBJECT = re.compile(r"(?:in|on|of|with|by|from|for|there|made|given|\w+ed)\b", re.IGNORECASE)
_LONG_CLAUSE = 16


def _clause(question: str, candidate: Candidate) -> str:
    """The question as a clause: "how much memory it needs at inference", or "" where that is not easy."""
    if "," in question or ";" in question or "?" in question.rstrip(" ?.!") or len(question.split()) > _LONG_CLAUSE:
        return ""
    match = _INVERTED.match(question)
    if match is None:
        plain = _PLAIN.match(question)  # "which model wins on it": the question word is the subject
        if plain is None or _AUXILIARY.search(plain["all"]) or not _with_pronoun(plain["all"], candidate)[1]:
            return ""
        return _lower(_with_pronoun(plain["all"], candidate)[0])
    verb, ask = match["verb"].lower(), _lower(match["ask"])
    asked = next((name for name in candidate.asked_as if match["rest"].casefold().startswith(name.casefold())), None)
    if asked is None or match["rest"][len(asked) :].startswith(("'s", "’s")):
        rest, replaced = _with_pronoun(match["rest"], candidate)
        as_subject = verb in ("is", "are", "was", "were", "has", "have", "had") and _AFTER_SUBJECT.match(rest)
        return f"{ask} {verb} {rest}" if as_subject and replaced else ""
    rest = match["rest"][len(asked) :].strip(" '’")
    words = rest.split()
    if not words:
        return ""
    if verb in ("does", "do"):
        return f"{ask} it {' '.join([_third_person(words[0]), *words[1:]])}"
    return f"{ask} it {verb} {rest}"


def _with_pronoun(text: str, candidate: Candidate) -> tuple[str, bool]:
    """`text` with "it" for the name of the paper, and whether the name stood in it."""
    for name in sorted(candidate.asked_as, key=len, reverse=True):
        own = re.sub(rf"(?<!\w){re.escape(name)}['’]s(?!\w)", "its", text, flags=re.IGNORECASE)
        said = re.sub(rf"(?<!\w)(?:the )?{re.escape(name)}(?!\w)", "it", own, flags=re.IGNORECASE)
        if said != text:
            return said, True
    return text, False


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "x", "ch", "sh", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else {"have": "has", "be": "is"}.get(verb, verb + "s")


def _topic(question: str) -> str:
    """What a question says that it is about, or its few words where it has no other; "" where that would not read."""
    bare = question.rstrip(" ?.!")
    match = re.search(
        r"\b(?:about|on|for|to do with|treat|cover|handle|deal with|address)\s+(.+?)\W*$", question, re.IGNORECASE
    )
    topic = (
        match.group(1)
        if match
        else ""
        if re.match(r"\W*(?:who|what|when|where|why|how|which|is|are|can|do|does)\b", bare, re.I)
        else bare
    )
    if not topic.strip("[]0123456789 "):
        return "" if bare.strip("[]0123456789 ") else "that"
    return shown(topic) if len(topic.split()) <= _LONGEST_TOPIC else ""


_LONGEST_TOPIC = 8
_ASKS = re.compile(r"\W*(?:who|what|when|where|why|how|which|is|are|can|do|does)\b", re.IGNORECASE)
