"""Kinds of facts that people ask of a paper and abstracts seldom give, and the words that would show that one does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text import normal


@dataclass(frozen=True)
class Attribute:
    """A kind of fact: what it is called, how questions ask for it, and the words of an abstract that gives it."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


def missing_attributes(question: str, text: str) -> tuple[list[str], int]:
    """The names of the kinds of fact that `question` asks for and `text` has no word of, and how many it asks for."""
    question, text = normal(question), normal(text)
    asked = [attribute for attribute in ATTRIBUTES if attribute.asked.search(question)]
    return [attribute.name for attribute in asked if not attribute.given.search(text)], len(asked)


def _attribute(name: str, asked: str, given: str) -> Attribute:
    return Attribute(name, re.compile(rf"\b(?:{asked})(?!\w)"), re.compile(rf"(?<![a-z])(?:{given})(?![a-z])"))


_CONFERENCES = r"neurips|nips|cvpr|iccv|eccv|iclr|icml|acl|emnlp|naacl|aaai|miccai|kdd|sigir|interspeech"
_PROCESSORS = r"gpu|tpu|[ahv]\d00|h20|p40|t4|k2|k80|a6000|rtx|nvidia|geforce|tesla|graphics cards?"
_DEVICES = (
    r"snapdragon|dimensity|iphone|pixel \d|xiaomi|galaxy|kirin|mediatek|qualcomm|exynos|apple m\d|jetson|raspberry"
)

ATTRIBUTES = (
    _attribute("a licence", r"licen[cs]\w*|commercial(?:ly| use)|lizenz\w*|licencia", r"licen[cs]\w*|apache|cc[- ]by|commercial use"),
    _attribute("a link to its code", r"github(?! stars)|repos?|repository|source code|code ?base|link to (?:the |its )?code", r"github|code(?:base)?|repositor\w*|open-?sourc\w*|https?"),
    _attribute(
        "its limitations",
        r"(?:limitations?|weaknesses|drawbacks?|shortcomings?|downsides?|caveats?) (?:of|in|with) [^\s?]+\W*$|its (?:limitations|weaknesses|drawbacks)",
        r"limitations?|weakness(?:es)?|drawbacks?|shortcomings?|falls? short|future work|lags? behind|caveats?",
    ),
    _attribute("the batch size", r"batch[- ]sizes?", r"batch(?:es)?(?:[- ]sizes?)?"),
    _attribute("the learning rate", r"learning rates?", r"learning[- ]rates?"),
    _attribute("the number of epochs", r"epochs?", r"epochs?"),
    _attribute("the optimiser", r"optimi[sz]er|weight decay|warm-?up", r"optimi[sz]er|adamw?|sgd|weight decay|warm-?up"),
    _attribute(
        "the training time",
        r"gpu[- ](?:hours?|days?)|training time|how long (?:did|does|do|was|were|to).{0,40}\btrain\w*|wall[- ]clock|hours? (?:of|to) (?:train|compute)\w*",
        r"\d[\d,.]*[ -](?:[a-z0-9]+ )?(?:gpu[- ])?(?:hours?|days?|weeks?)|gpu[- ]hours?|in one day|minutes|(?:one|two|three|few) (?:hours?|days?|weeks?)|training time",
    ),
    _attribute(
        "the hardware",
        r"(?:what|which|how many) (?:kind of |type of |sort of )?(?:gpu|hardware|cards?|accelerators?|tpu|machines?|graphics cards?)|on what (?:gpu|hardware|cards?)",
        _PROCESSORS,
    ),
    _attribute("the device", r"(?:what|which) (?:phone|handset|device|chip|soc|processor|board)", _DEVICES + "|" + _PROCESSORS.replace("gpu|tpu|", "")),
    _attribute("a venue", rf"venue|conference|journal|workshop|{_CONFERENCES}|peer[- ]review\w*|accepted (?:at|to|by)", rf"{_CONFERENCES}|conference|journal|accepted"),
    _attribute("who paid for it", r"fund(?:ed|ing|s)?|sponsor\w*|grants?|paid for|finance[sd]?", r"fund(?:ed|ing)|sponsor\w*|grants?"),
    _attribute(
        "a price",
        r"dollars?|usd|euros?|prices?|priced|pricing|(?:api )?fees?|how expensive|in money|(?:training|total) cost in|what (?:did|do|does) (?!it).{1,60} cost|budget in|cost (?:them|in)",
        r"\$ ?\d|\d ?\$|dollars?|usd|prices?|fees?|free of charge|costs? (?:of )?~?\d",
    ),
    _attribute("an affiliation", r"affiliat\w*|institutions?|universit\w+|(?:which|what) (?:lab|company|group|team|institute)|e-?mails?", r"universit\w+|institut\w+"),
    _attribute("the number of parameters", r"how many (?:[\w-]+ )?param(?:eter)?s?|number of (?:[\w-]+ )?param(?:eter)?s|param(?:eter)? count|(?:what|which) (?:is the )?model size", r"\d[\d.]*[ -]?[bm]|\d[\d.]* ?(?:billion|million)|parameters?"),
    _attribute("the energy it takes", r"carbon|co2|emissions?|energy|electricity|kwh|power consumption|watts?", r"carbon|co2|emissions?|energy|kwh|watts?|tps/w|power"),
    _attribute("how often it is cited or used", r"citations?|been cited|github stars?|stars on|how many downloads?", r"stars|downloads?|downloaded"),
    _attribute("seeds or intervals", r"error bars?|confidence intervals?|p-values?|random seeds?|standard deviation", r"intervals?|p-values?|seeds?|deviations?"),
    _attribute("how much memory it takes", r"vram|memory footprint|(?:gpu|inference|peak) memory|gb of|gigabytes?|how much memory", r"memory|vram|\d ?gb|gigabytes?"),
    _attribute(
        "a speed",
        r"latency|tokens? (?:per|a) second|tokens?/s|frames (?:per|a) second|fps|throughput|inference (?:speed|time)|milliseconds?|seconds per",
        r"latenc\w+|tokens?[ /](?:per )?s(?:ec\w*)?|fps|frames? (?:per|a) second|throughput|milliseconds?|\d ?ms|seconds?|faster|speed-?ups?|speed",
    ),
)  # fmt: skip
"""The kinds of fact, each looked for by itself: a question may ask for several."""
