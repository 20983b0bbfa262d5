"""The words by which a question shows what it asks for, in English and, for the commonest, in a few other languages."""

from __future__ import annotations

import re
from typing import Literal

from rag.text import terms

Order = Literal["oldest", "newest", "most_authors", "fewest_authors"]
Field = Literal["published", "author_count", "authors", "url", "title"]

PAPERS = r"(?:papers?|articles?|publications?|works?|studies|entries|preprints?|abstracts?)"
AUTHORS = r"(?:authors?|people|researchers|persons?|co-?authors?|autoren|leute|auteurs?|personnes|autores|personas)"
FIELD_PATTERNS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (
        "published",
        re.compile(
            r"\bwhen\b.{0,100}\b(?:publish\w*|released?|posted|come out|came out|appear\w*|submitted|uploaded|out)\b|"
            r"\bwhen (?:is|was) (?!.*\b(?:used|trained|evaluated)\b)[\w-]+(?: [\w-]+)?(?: from)?\?*$|"
            r"\b(?:publication|release|submission) (?:date|year)|"
            r"\b(?:what|which) (?:date|year|month|day)\b|\bhow (?:old|recent) (?:is|are)\b|"
            r"\bdate (?:of|did|was)\b|\bits date\b|\bdated?\?*$|"
            r"\bwann\b|\bquand\b|\bcuándo\b|\bcuando (?:se|fue)\b|\bquando\b|什么时候|何时|いつ",
            re.IGNORECASE,
        ),
    ),
    (
        "author_count",
        re.compile(
            r"\bhow many (?:\w+ )?"
            + AUTHORS
            + r"\b(?! (?:annotat|vote|check|label|rat|evaluat|judg|took|participat|answer|use|test|review|verif|grad)\w*\b)"
            r"|\b(?:number|count) of (?:co-?)?(?:authors|people|researchers)|\bauthor count|"
            r"\bhow (?:big|large) (?:is|was) (?:the|its) (?:team|author)|\bsize of (?:the|its) (?:author|team)|"
            r"\bwie viele (?:autoren|leute|personen)|\bcombien d.auteurs|\bcuántos autores|\bquanti autori|\bquantos autores|多少.{0,3}作者",
            re.IGNORECASE,
        ),
    ),
    (
        "authors",
        re.compile(
            r"\bwho (?:wrote|authored|are the authors|is the author|created|made|developed|published|is behind)\b|"
            r"\b(?:which|what) (?:authors|people|researchers) (?:wrote|authored|are behind|made|created)\b|"
            r"\b(?:list|name|names of|name of) (?:all )?(?:the )?authors\b|\band (?:its|the|their) authors?\b|"
            r"\bwhose (?:paper|work)\b|\bauthors of\b|^\W*authors\b|\bwer (?:hat|sind|schrieb)\b|\bfirst author\b|\bauthors\?*$",
            re.IGNORECASE,
        ),
    ),
    (
        "url",
        re.compile(
            r"\b(?:where can i (?:find|get|download)|link to|url|web ?(?:page|site)|homepage|project page|repository|"
            r"github|repo)\b",
            re.IGNORECASE,
        ),
    ),
)
# "older webpage data sets", "the latest models": how old things are, and no order of papers.
NOT_A_KIND = (
    r"(?! (?:(?!papers?|articles?|publications?|preprints?|works?|ones?|abstracts?|entr(?:y|ies)|is|are|was|were|than|or|and|of|to|in|by|on|"
    r"from|for|about|among|between|first|\d)[\w-]+ ?){1,2}(?:models?|methods?|data ?sets?|sets|benchmarks?|approaches|systems?|llms?|mllms?|"
    r"vlms?|versions?|generations?|techniques?|architectures?|gpus?|hardware)\b)"
)
ORDERS: tuple[tuple[Order, re.Pattern[str]], ...] = (
    ("most_authors", re.compile(r"\b(?:most|largest number of|highest number of|by number of) (?:co-?)?authors|\b(?:largest|biggest|longest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("fewest_authors", re.compile(r"\b(?:fewest|least|smallest number of) (?:co-?)?authors|\b(?:smallest|shortest) (?:team|author list|list of authors|number of authors)", re.IGNORECASE)),
    ("oldest", re.compile(r"\b(?:oldest|earliest|published first|first (?:to be )?published|(?:came|comes|come) (?:out )?(?:first|earlier)(?! (?:overall|on|in|among|place))|was first|older|by age)\b" + NOT_A_KIND, re.IGNORECASE)),
    ("newest", re.compile(r"\b(?:newest|newer|latest|most recent|published last|more recent|came (?:out )?later|last (?:to be )?published)\b" + NOT_A_KIND, re.IGNORECASE)),
)  # fmt: skip
NUMBER = re.compile(
    r"\b(?:how|hwo|hw) (?:many|manny|mnay|much|mcuh|muhc|long|large|big|fast|often|far|small|high|low|wide|deep|close|well|few|quickly|accurate)\b|"
    r"\bby (?:how much|what (?:factor|margin|percentage|amount))|"
    r"\bwhat (?:is the |was the |are the |'s the )?(?:exact |total |average |maximum |max |overall )?"
    r"(?:percentage|percent|fraction|share|ratio|number|size|accuracy|score|speed-?up|factor|rate|amount|proportion|"
    r"reduction|improvement|gain|drop|margin|cost|length|resolution|parameter count|speed|price|budget|f1|map|increase)\b|"
    r"\bto what (?:extent|degree)|\bwhat (?:score|accuracy|speed-?up|percentage|size|resolution|factor|improvement)s?\b|"
    r"\bwie ?viele?\b|\bwie (?:lange|hoch|gro(?:ß|ss)|schnell|stark)\b|\bum wie viel|\bcombien\b|\bcuánt\w*|\bcuant[oa]s?\b|"
    r"\bquant[ioe]s?\b|多少|几个|几倍|何倍|いくつ|どれ(?:くらい|だけ)",
    re.IGNORECASE,
)
FIGURES = re.compile(
    r"\b(?:percentages?|figures|numbers?|sizes?|scores?|accuracy|accuracies|speed|fps|flops|params|parameters?|count|"
    r"latency|resolution|cost|prozent|factor)\b(?=[^?]*\?*$)",
    re.IGNORECASE,
)
NOUN = re.compile(
    r"\b(?:how many|how much|number of|wie ?viele?|combien de|cuántos|cuántas|quanti|quantos)\s+((?:[\w-]+\s*){1,3})",
    re.IGNORECASE,
)
PLURAL_NOUN = (
    r"(?!(?:is|was|does|has|this|its|his|ours|theirs|yours|less|across|pass|class|loss|process|access|bias|us|uses|as)\b)"
    r"[\w-]{3,}(?<![su])s\b"
)
LIST = re.compile(
    # "Which papers ...", "what methods ...", "any assistants trained for ...", "list the ways to ..."
    r"^\W*(?:and |but |so |please )?(?:(?:can you |could you )?(?:list|name|enumerate|show me|give me|find(?: me)?|recommend)|which|what|any|"
    r"are there(?: any)?|do you have(?: any)?|all|some|other|do any(?: of (?:the|these))?)\b(?:\s+[\w/-]+){0,4}?\s+(?:of\s+the\s+)?"
    + PLURAL_NOUN
    + r"|^\W*(?:please )?(?:list|show(?: me)?|give me|find(?: me)?) (?:me )?(?:everything|anything|all|what(?:ever)?)\b"
    + r"|^\W*(?:[\w/-]+\s+){0,3}?(?:papers|articles|works|studies|surveys|systems|methods|models|benchmarks|data ?sets|llms|mllms|vlms|"
    r"approaches|techniques|frameworks|tools)\s+(?:on|about|that|which|dealing|using|where|with|for|devoted|of|from|in|to)\b|"
    r"\bwhich (?:papers|works|ones|abstracts|articles)\b|^\W*how (?:do|can|could|have|did) (?:people|researchers|others|folks|we|you|i|one|they all|papers|"
    r"recent works?)\b|\bwhat (?:ways|methods|options|tricks) (?:are|do|have)\b|"
    r"\bwhat (?:do you have|have you got|is there|else is there|have you) (?:on|about|for)\b|^\W*(?:anything|everything|something) (?:on|about|to do with|for)\b|"
    r"\bwhat(?:'s| is| are the) (?:new|latest)\b.{0,12} (?:in|on|about|for)\b|^\W*which of (?:these|them|those)\b|"
    r"\bi need something on\b|\bwhat have you got\b|^\W*who (?:else )?(?:\w+s|have|are|work|study|feed)\b(?!.{0,40}\b(?:it|this|that one)\b)|"
    r"\bwelche (?:arbeiten|paper|papiere|artikel|modelle|methoden)\b|"
    r"\bquels? (?:articles|papiers|travaux|méthodes|modèles)|\bqué (?:artículos|trabajos|métodos|modelos|papers)|哪些|どの論文",
    re.IGNORECASE,
)
ABOUT_PAPERS = re.compile(
    r"\b" + PAPERS + r"\b|\b(?:arbeiten|artikel|articles|artículos|trabajos|travaux)\b|哪些|论文", re.IGNORECASE
)
ON_SUBJECT = re.compile(
    r"\b(?:about|on|for|deal\w*|treat\w*|cover\w*|stud(?:y|ies)|concern\w*|propos\w+|use|über|sur|sobre)\b",
    re.IGNORECASE,
)
COMPARE = re.compile(
    r"\b(?:compare|comparison|compared (?:to|with)|contrast|differ(?:s|ence|ences|ent)?|distinguish\w*|versus|vs\.?|"
    r"similar\w*|in common|differently|unterschied\w*|unterscheide\w*|vergleich\w*|différence|diferencia\w*|differenz\w*)(?!\w)|区别|不同|违い|違い|"
    r"\b(?:which|who|what) (?:one )?(?:is|was|has|uses|needs|gets|performs|does) (?:[\w-]+ ){0,4}?(?:more|less|fewer|better|faster|larger|smaller|higher|lower)\b.*\bor\b|"
    r"\bboth\b.*\band\b",
    re.IGNORECASE,
)
REASON = re.compile(
    r"^\W*(?:and |but |so )?(?:why|how come|warum|weshalb|pourquoi|por qué|perché|为什么|なぜ)|\bwhat is the reason|\bwhat causes|\bwhy\b",
    re.IGNORECASE,
)
YES_NO = re.compile(
    r"^\W*(?:and |but |so |then )?(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should|ist|sind|kann|hat|est-ce|peut)\b",
    re.IGNORECASE,
)
BACK = re.compile(
    r"\b(?:it|its|it's|they|their|them|theirs|that one|this one|the (?:first|second|third|last|former|latter|other)(?: one| paper)?|"
    r"these|those|this (?:paper|work|model|method|system|approach|benchmark|dataset)|that (?:paper|work|model|method|system|approach|benchmark|dataset)|"
    r"the (?:paper|model|method|authors|system|approach|same)|the two|both|he|she|one)\b|^\W*(?:and|but|so|what about|how about)\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\bhow long\b.{0,40}\b(?:train\w*|take|takes|took|run|last|need)|\bhow (?:quickly|fast)\b.{0,30}\btrain|\bhours?\b|\bdays?\b|\btraining time|\bwie lange",
    re.IGNORECASE,
)
INDIRECT = re.compile(
    r"^\W*(?:and |so |but )?(?:how (?:does|do|did|is|are|was|were|can|could)|why)\b.*\b(?:decid|cho[os]|determin|know|select|learn|set|"
    r"adapt|adjust|control|find|figur|predict|estimat)\w*\b.{0,30}\bhow (?:many|much|long|large)\b",
    re.IGNORECASE,
)
"""Asks how a number is come by ("how does it decide how many tokens to keep"), and for no number."""
PERCENT = re.compile(r"\bpercent\w*|%|\bfraction|\bproportion|\bshare of|prozent|pourcentage|porcentaje", re.IGNORECASE)
FACTOR = re.compile(
    r"\bfactor\b|\bspeed-?up\b|\bhow (?:many times|much (?:faster|smaller|larger|bigger|slower|cheaper|quicker))|\btimes (?:faster|smaller|more|fewer|larger)",
    re.IGNORECASE,
)


FINDS = re.compile(
    r"^\W*(?:and |so )?(?:where (?:can|do|could) (?:i|we|one) (?:find|get|read|download)|"
    r"(?:what(?:'s| is| are) |give me |show me |please )?(?:the |a )?(?:link|url|address|web ?page|homepage) (?:to|of|for))\b"
    r"(?!.*\b(?:code|weights|checkpoints?|data|data ?sets?|demo|implementation|repo\w*|github|models?)\b)",
    re.IGNORECASE,
)
"""Asks where a paper itself is; where its code or data are is for the abstract to say."""
PUBLISHED = re.compile(
    r"\b(?:publish\w*|came out|come out|appear\w*|released|posted|anything|everything|something|erschienen|paru\w*|publicad\w+)\b",
    re.IGNORECASE,
)
GENERAL = frozenset(
    terms(
        """paper article publication entry preprint abstract list name anything everything something library collection
        please publish come appear release post date year month one ones came out find written write wrote author authored behind people
        researcher summer winter spring autumn early late have know number dated date top second third two three four five
        six seven eight nine ten old new recent first last count many most few least people person team arbeiten erschienen
        welche jahr articles sont sorti publie trabajos publicados
        """
    )
)


FOREIGN = frozenset(
    """der die das und ist wie viele wann wer welche welches auf mit dem den ein eine für von nicht wird kann gut hat le la
    les des du une un est et que qui quel quelle quels quelles combien pourquoi comment dans sur avec pour el los las una
    cuántos cuántas cuándo qué cómo por para con se es il lo gli che quanti quante quando come perché nel della di o os as
    um uma quantos quantas como não em do""".split()
)
ENGLISH = frozenset(
    "the is are was were does do did how what which who when where why of in on for with by from and to many much it its "
    "that this there any has have can could not about between".split()
)


NUMBERS = {word: n for n, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
TOP = re.compile(
    r"\b(?:top|first|last|(?:the )?)\s*(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:(?:most recent|oldest|newest|latest|"
    r"earliest)\b|papers?\b|works?\b)",
    re.IGNORECASE,
)
PLACES = {"second": 2, "third": 3, "fourth": 4, "fifth": 5}
PLACE = re.compile(
    r"\b(second|third|fourth|fifth)[ -](?:most|oldest|newest|latest|earliest|fewest|largest|smallest|longest|shortest)\b",
    re.IGNORECASE,
)


COMPARATIVE = re.compile(
    r"\b(?:older|newer|more recent|(?:came|comes|come) (?:out )?(?:first|earlier|later)|published (?:first|earlier|later))\b",
    re.IGNORECASE,
)


PART = re.compile(
    r"(?<=\?)\s+(?=\S)|[,;]?\s+and\s+(?=(?:what|which|how|who|why|where|when|by how|did|does|do|is|are|was|were|can)\b)",
    re.IGNORECASE,
)
