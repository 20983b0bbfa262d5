"""Names of systems, benchmarks and data sets: how they look, which of them a paper introduces, and their key.

A name's key ignores what people leave out or write differently: case, hyphens, spaces, LaTeX, Greek letters
("γ-MoD", "gamma MoD"), superscripts ("M^{2}UGen", "M2UGen").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from rag.model import Paper
from rag.text.normalization import normal, shown
from rag.text.residue import GREEK

COMMON_NAME = 6  # a name that stands in more papers than this is nobody's own, unless a title begins with it
_TOKEN = re.compile(r"[^\W_][\w.+^{}*\\-]*[\w}*+]|[^\W_]")
_FUNCTION = frozenset(
    """
    a an and are as at be by can do does for from how in is it not of on or than the to via what with
    """.split()
)
# "2-Stage" is an amount; "1.5-Pints" is a name: nobody counts in parts and capitals.
_QUANTITY = re.compile(
    r"(?!\d+\.\d+-[A-Z])"
    r"[~<>≈]?\d[\d.,]*(?:[kKmMbBtT%×xp]|[-x×]\d[\d.]*[kKmMbB]?|-?[A-Za-z][a-z]+(?:-[a-z]+)*|-?bit)?"
)
# Words that have the shape of a name and are none: kinds of model, tasks, hardware, measures.
_GENERIC = frozenset(
    """
    ai llm llms mllm mllms lmm lmms vlm vlms lvlm lvlms llvm llvms vllm vllms slm slms lm lms vit vits cnn cnns
    nlp rl vqa ocr gui qa gpu gpus cpu cpus npu npus flop flops tflops kv moe moes mod lora sft rlhf rlaif dpo
    ppo rag icl sota api apis 2d 3d 4k hd uhd fps ram vram cot clip-like bert-like map auc bleu rouge f1 cvpr
    iccv neurips iclr icml eccv acl emnlp arxiv github huggingface id ids ood peft mlp mlps ai-generated
    pre-training pretraining post-training us uk usd eu faq tl dr ft pt it gb tb mb ms e-commerce co-design
    x-ray x-rays ct mri cxr wsi wsis q&a text-to-image image-to-text end-to-end state-of-the-art
    """.split()
)
_WORD = re.compile(r"[^\W_]+")
_SUFFIXES = frozenset("jr sr ii iii iv".split())
_URL = re.compile(r"(?<!\S)\S*(?://|github\.|\.com\b|\.io\b)\S*")
_KIND = re.compile(r"[A-Z]{2}s$")
_CALLS = re.compile(
    r"\b(?:propos\w+|presents?|introduc\w+|call(?:ed)?|namely|named|dubbed|termed|denoted as|release|develop(?:ed)?)\b"
)
_BRACKETED = re.compile(r"\(([A-Za-zα-ω0-9][\w^.+-]{1,20})\)")
_INTRODUCES = re.compile(
    r"\b(?:propos\w+|present\w*|introduc\w+|develop\w*|releas\w+|call(?:ed)?|nam(?:e|ed|ely)|dub(?:bed)?|term(?:ed)?|"
    r"denot\w+(?: as)?|creat\w+|build|built|construct\w*|design\w*|curat\w+|unveil\w*|contribut\w+|establish\w*|"
    r"refer(?:red)? to as|known as|our|train)\b"
)


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """The key of a name: letters and digits only, folded; "" when there are none."""
    folded = unicodedata.normalize("NFKC", shown(name)).casefold()
    folded = "".join(GREEK.get(letter, letter) for letter in folded)
    return re.sub(r"[\W_]+", "", folded)


@lru_cache(maxsize=65536)
def looks_like_name(token: str) -> bool:
    """True if `token` has the shape of a name: a capital after the first letter, or letters together with digits."""
    bare = token.strip(".,;:!?()[]'\"")
    if name_key(bare) in _GENERIC or bare.casefold() in _GENERIC or len(name_key(bare)) < 2:
        return False
    letters = [c for c in bare if c.isalpha()]
    if not letters:
        return False
    if _QUANTITY.fullmatch(bare):
        return False
    if any(c.isupper() for c in bare[1:] if c.isalpha()):
        # "Vision-Language" and "High-Resolution" are words, "Video-LLaMA" and "SEED-Bench" are names.
        parts = [part for part in re.split(r"[-+.]", bare) if part]
        return not all(re.fullmatch(r"[A-Z]?[a-z]+", part) for part in parts)
    return any(c.isdigit() or c in GREEK for c in bare.casefold())


def is_kind(word: str) -> bool:
    """True for a word that has the shape of a name and is a kind of model or the like: "LLM", "VLMs"."""
    return name_key(word) in _GENERIC


def name_tokens(text: str) -> tuple[str, ...]:
    """The tokens of `text` that look like names, in order, as written."""
    return tuple(token for token in tokens(text) if looks_like_name(token))


def tokens(text: str) -> list[str]:
    """The tokens of `text` as written, hyphenated ones whole, without the stop at the end."""
    return [token.rstrip(".") for token in _TOKEN.findall(shown(text))]


@lru_cache(maxsize=4096)
def title_name(title: str) -> str | None:
    """The name with which a title begins ("LLaVA-KD" of "LLaVA-KD: A Framework ..."), or None.

    It is what stands before the colon, when that is short and does not read like a phrase, or all of a title
    of one word.
    """
    head, colon, _ = shown(title).partition(":")
    words = head.split()
    if len(words) == 1 and looks_like_name(head):
        return words[0]
    if not colon or not 1 <= len(words) <= 3 or re.search(r"[,?!]", head):
        return None
    if len(words) == 1:
        return words[0]
    if any(word.casefold() in _FUNCTION for word in words):
        return None
    shaped = [looks_like_name(word) or word.isupper() for word in words]
    capital = all(word[0].isupper() or not word[0].isalpha() for word in words)
    return " ".join(words) if any(shaped) or (capital and len(words) == 2) else None


_ATTRIBUTE = re.compile(r"-(?:base|based|like|style|optimized|tuned|specific|generated|assisted|level|aware|only)$")


_NEAR, _FAR = 30, 300  # characters
# What stands behind one of these is what the work is made of or compared with.
_OTHERS = re.compile(r"\b(?:from|on|than|with|using|over|against|including|like|such as|e\.g\.)\b")


def introduced_names(paper: Paper) -> tuple[str, ...]:
    """The names that a paper gives to its own work: in its title, or introduced in its abstract.

    In the abstract a name counts when a verb of introducing ("propose", "called", "dubbed") or "our" stands up to 110
    characters before it in the same sentence, or when it is an abbreviation in brackets right after the words. One in
    the plural ("VideoLLMs") is a kind of thing, unless the title has it.
    """
    found: dict[str, str] = {}
    if name := title_name(paper.title):
        found[name_key(name)] = name
    for token in name_tokens(paper.title):
        found.setdefault(name_key(token), token)
    text = _URL.sub(" ", shown(paper.abstract))
    for verb in _INTRODUCES.finditer(text):
        window = re.split(r"[.;!?]\s", text[verb.end() : verb.end() + 110])[0]
        named = name_tokens(window)[:1]
        bracketed = [name for name in _BRACKETED.findall(window)[:1] if looks_like_name(name)]
        for token in (*named, *bracketed):
            found.setdefault(name_key(token), token)
    for bracket in _BRACKETED.finditer(text):
        if looks_like_name(bracket.group(1)) and _abbreviates(bracket.group(1), text[: bracket.start()]):
            found.setdefault(name_key(bracket.group(1)), bracket.group(1))
    title = name_key(paper.title)
    return tuple(name for key, name in found.items() if key and (key in title or not _KIND.search(name)))


def _abbreviates(short: str, before: str) -> bool:
    """True if the capitals of `short` begin words right before it: "Multimodal Speculative Decoding (MSD)"."""
    capitals = [c.casefold() for c in short if c.isupper()]
    words = re.findall(r"[^\W_]+", before[-120:])[-(len(capitals) + 4) :]
    initials = iter(word[0].casefold() for word in words)
    return len(capitals) >= 2 and all(c in initials for c in capitals)


def spelled_out(paper: Paper) -> tuple[tuple[str, str], ...]:
    """The abbreviations in brackets of an abstract with the capitalised words that they stand for.

    ("MQT", "Matryoshka Query Transformer") of "the Matryoshka Query Transformer (MQT)".
    """
    text = _URL.sub(" ", shown(paper.abstract))
    found = []
    for bracket in _BRACKETED.finditer(text):
        short = bracket.group(1)
        before = text[max(0, bracket.start() - _FAR) : bracket.start()]
        words = re.search(r"((?:[A-Z][\w-]*\s+(?:(?:of|for|and|with|in)\s+)?){2,5})$", before)
        if words and _abbreviates(short, words.group(1)):
            run = words.group(1).split()
            while len(run) > 2 and run[0][0].casefold() != short[0].casefold():
                run = run[1:]
            found.append((short, " ".join(run)))
    return tuple(found)


def own_name(paper: Paper, *, spread: Callable[[str], int] = lambda key: 1) -> str | None:
    """What a paper calls its own work, or None: the name that begins its title, or the one its abstract introduces.

    Of several names the one that the abstract says it proposes, and repeats most, wins. `spread` gives the number of
    papers in which a name stands, by its key: one that too many use is nobody's own.
    """
    if name := title_name(paper.title):
        return re.sub(r"\s+Technical Report$", "", name)
    text = _URL.sub(" ", shown(paper.abstract))
    called = {
        name_key(token)
        for verb in _CALLS.finditer(text)
        for token in name_tokens(re.split(r"[.;!?,]\s", text[verb.end() : verb.end() + 120])[0])[:3]
    }
    best, most = None, 2.9
    for name in dict.fromkeys((*introduced_names(paper), *name_tokens(text))):
        key = name_key(name)
        if spread(key) > COMMON_NAME or key not in name_key(text) or _ATTRIBUTE.search(name):
            continue
        if len(key) < 3 and not any(c.isdigit() for c in key):
            continue
        times = len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))
        # Others' benchmarks and models stand behind a preposition; its own work is what its sentences are about.
        subject = re.search(rf"(?:^|[.!?]\s+|\bthat\s+|,\s+)(?:[Oo]ur |[Tt]he )?{re.escape(name)}(?![\w-])", text)
        if key not in called and (subject is None or times < 2):
            continue
        weight = (
            2.5 * (key in called) + min(times, 4) + (key in name_key(paper.title)) + (1 if spread(key) <= 1 else -0.5)
        )
        if weight > most:
            best, most = name, weight
    return best or _named_once(text, spread)


def _named_once(text: str, spread: Callable[[str], int]) -> str | None:
    """A name that no other paper has and that is introduced, or begins a sentence, if only once."""
    for name in name_tokens(text):
        key = name_key(name)
        if len(key) < 4 or spread(key) > 1 or _ATTRIBUTE.search(name) or (name.isupper() and name.isalpha()):
            continue
        at = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        before = text[: at.start()] if at else ""
        sentence = re.split(r"[.!?]\s+", before)[-1]
        verb = next(iter(reversed(list(_INTRODUCES.finditer(sentence)))), None)
        between = sentence[verb.end() :] if verb else sentence
        if at and len(between) <= (_NEAR if verb else 0) and not _OTHERS.search(between) and not name.islower():
            return name
    return None


def author_parts(author: str) -> list[str]:
    """The words of an author's name in small letters, the surname last, without "Jr." and the like."""
    return [part for part in map(normal, _WORD.findall(author)) if part not in _SUFFIXES]
