"""Names of systems, benchmarks and data sets: how they look, which of them a paper introduces, and their key.

A name's key ignores what people leave out or write differently: case, hyphens, spaces, LaTeX, Greek letters
("γ-MoD", "gamma MoD"), superscripts ("M^{2}UGen", "M2UGen").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rag.model import Paper
from rag.text.normalization import normal, shown
from rag.text.residue import GREEK

TOKEN = re.compile(r"[^\W_][\w.+^{}*\\-]*[\w}*+]|[^\W_]")
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
# Words that have the shape of a name and are none: kinds of model, tasks, hardware, measures, short forms of talk.
_GENERIC = frozenset(
    """
    ai llm llms mllm mllms lmm lmms vlm vlms lvlm lvlms llvm llvms vllm vllms slm slms lm lms vit vits cnn cnns
    nlp rl vqa ocr gui qa gpu gpus cpu cpus npu npus flop flops tflops kv moe moes mod lora sft rlhf rlaif dpo
    ppo rag icl sota api apis 2d 3d 4k hd uhd fps ram vram cot clip-like bert-like map auc bleu rouge f1 cvpr
    iccv neurips iclr icml eccv acl emnlp arxiv github huggingface id ids ood peft mlp mlps ai-generated
    pre-training pretraining post-training us uk usd eu faq tl dr ft pt it gb tb mb ms e-commerce co-design
    x-ray x-rays ct mri cxr wsi wsis q&a nan text-to-image image-to-text end-to-end state-of-the-art
    fyi asap iirc afaik imho btw tldr ps nb tia
    """.split()
)
_WORD = re.compile(r"[^\W_]+")
_URL = re.compile(r"(?<!\S)\S*(?://|github\.|\.com\b|\.io\b)\S*")
KIND = re.compile(r"[A-Z]{2}s$")
_BRACKETED = re.compile(r"\(([A-Za-zα-ω0-9][\w^.+-]{1,20})\)")
_INTRODUCES = re.compile(
    r"\b(?:propos\w+|present\w*|introduc\w+|develop\w*|releas\w+|call(?:ed)?|nam(?:e|ed|ely)|dub(?:bed)?|term(?:ed)?|"
    r"denot\w+(?: as)?|creat\w+|build|built|construct\w*|design\w*|curat\w+|unveil\w*|contribut\w+|establish\w*|"
    r"refer(?:red)? to as|known as|our|train)\b"
)


_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i"})
SUFFIXES = frozenset("jr sr ii iii iv".split())
"""What stands behind a family name and is none, in small letters without its full stop."""

AUTHOR_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
"""Words for a place among the authors of a paper, from 0; -1 is the last."""
PLACE_WORDS = {place: word for word, place in AUTHOR_PLACES.items()}
"""Those words by the places."""

ORGANISATION = re.compile(
    r"\b(?:group|team|university|institute|centre|center|department|ministry|society|association|consortium|committee|council"
    r"|collaboration|network|lab|laboratory|agency|academy|school|office|inc|ltd|gmbh|corporation|company|the|of|for|für"
    r"|univ|inst|dept|college|hospital|universit\w+|institut|ministerium|organi[sz]ation|foundation|federation|(?-i:AI))\b",
    re.IGNORECASE,
)
"""A word by which the name of an author is that of an institution, whose commas and "and" are its own."""


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
    if name_key(bare) in _GENERIC or bare.casefold() in _GENERIC or min(len(bare), len(name_key(bare))) < 2:
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
    return [token.rstrip(".") for token in TOKEN.findall(shown(text))]


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


_FAR = 300  # characters


def text_of(paper: Paper) -> str:
    """The abstract as it is shown, without addresses."""
    return _URL.sub(" ", shown(paper.abstract))


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
    text = text_of(paper)
    for verb in _INTRODUCES.finditer(text):
        window = re.split(r"[.;!?]\s", text[verb.end() : verb.end() + 110])[0]
        named = name_tokens(window)[:1]
        bracketed = [name for name in _BRACKETED.findall(window)[:1] if looks_like_name(name)]
        for token in (*named, *bracketed):
            found.setdefault(name_key(token), token)
    for bracket in _BRACKETED.finditer(text):
        if looks_like_name(bracket.group(1)) and abbreviates(bracket.group(1), text[: bracket.start()]):
            found.setdefault(name_key(bracket.group(1)), bracket.group(1))
    title = name_key(paper.title)
    return tuple(name for key, name in found.items() if key and (key in title or not KIND.search(name)))


def abbreviates(short: str, before: str) -> bool:
    """True if the capitals of `short` begin words right before it: "Multimodal Speculative Decoding (MSD)"."""
    capitals = [c.casefold() for c in short if c.isupper()]
    words = re.findall(r"[^\W_]+", before[-120:])[-(len(capitals) + 4) :]
    initials = iter(word[0].casefold() for word in words)
    return len(capitals) >= 2 and all(c in initials for c in capitals)


def spelled_out(paper: Paper) -> tuple[tuple[str, str], ...]:
    """The abbreviations in brackets of an abstract with the capitalised words that they stand for.

    ("MQT", "Matryoshka Query Transformer") of "the Matryoshka Query Transformer (MQT)".
    """
    text = text_of(paper)
    found = []
    for bracket in _BRACKETED.finditer(text):
        short = bracket.group(1)
        before = text[max(0, bracket.start() - _FAR) : bracket.start()]
        words = re.search(r"((?:[A-Z][\w-]*\s+(?:(?:of|for|and|with|in)\s+)?){2,5})$", before)
        if words and abbreviates(short, words.group(1)):
            run = words.group(1).split()
            while len(run) > 2 and run[0][0].casefold() != short[0].casefold():
                run = run[1:]
            found.append((short, " ".join(run)))
    return tuple(found)


def name_part(word: str) -> str:
    """A word of a name in small letters, without its accents: "József" and "Jozsef" are one."""
    plain = normal(word)
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFD", plain.translate(_PLAIN_LETTERS))
    bare = "".join(letter for letter in apart if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def author_parts(author: str) -> list[str]:
    """The words of an author's name in small letters without accents, the surname last, without "Jr." and the like."""
    author = shown(author) if "\\" in author else author
    return [part for part in map(name_part, _WORD.findall(author)) if part not in SUFFIXES]


def same_person(one: str, other: str) -> bool:
    """True for two spellings that may be of one author: one of them is the other with initials, or with fewer names.

    "J. Z. Owl" and "József Owl" may be two: neither says all that the other says.
    """
    return _shortens(one, other) or _shortens(other, one)


def _shortens(short: str, full: str) -> bool:
    (*given, surname), (*whole, family) = author_parts(short) or [""], author_parts(full) or [""]
    if not surname or surname != family or bool(given) != bool(whole) or len(given) > len(whole):
        return False
    return all(a == b or (len(a) == 1 and a == b[:1]) for a, b in zip(given, whole, strict=False))


def people_of(names: Iterable[str]) -> list[list[str]]:
    """The spellings of authors' names that are of one person each, the longest first.

    A shorter one is somebody's where it fits nobody else, and says more than a surname behind one initial.
    """
    found: list[list[str]] = []
    surnames: dict[str, list[list[str]]] = {}
    for name in sorted(set(names), key=_fullest):
        parts = author_parts(name)
        told = len(parts) > 2 or (len(parts) == 2 and len(parts[0]) > 1)
        known = surnames.setdefault(parts[-1] if parts else name, [])
        same = [one for one in known if author_parts(one[0]) == parts] or [
            one for one in known if told and _shortens(name, one[0])
        ]
        if len(same) == 1:
            same[0].append(name)
        else:
            known.append([name])
            found.append(known[-1])
    return found


def _fullest(name: str) -> tuple[int, bool, int, str]:
    """What sorts names by how much of one they say: all names in full, accents as letters."""
    return -sum(map(len, author_parts(name))), "\\" in name, -len(name.encode()), name


def most_of(counts: Mapping[str, int]) -> tuple[int, list[list[str]]]:
    """The largest count of one person, whose spellings count together, and the spellings of all who have it."""
    people = people_of(counts)
    totals = [sum(counts[name] for name in names) for names in people]
    most = max(totals, default=0)
    return most, sorted(names for names, total in zip(people, totals, strict=True) if total == most)
