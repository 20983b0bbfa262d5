"""Which names of the library a question names, and which names in it the library does not know."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from rag.retrieval.index.lexical_index import LexicalIndex
from rag.retrieval.index.name_index import Named
from rag.retrieval.question.language import is_word
from rag.retrieval.question.reading import topic_of
from rag.retrieval.question.spelling import slips_mended
from rag.sources.fields.identifiers import identifiers_in
from rag.text import shown, terms
from rag.text.names import is_kind, looks_like_name, name_key
from rag.text.titles import title_key

# Chinese and Japanese set no space between a name and the words around it: "InfLLM是什么".
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]+|[^{_UNSPACED}\s/,;:?!()\"“”‘’「」《》，。？！：；（）、]+")
_LONGEST = 5
_SET_ASIDE = re.compile(r"\b(?:not|unlike|as opposed to|don't mean|other than)[ :,]+(?:the )?$", re.IGNORECASE)
_PHRASE = re.compile(r"(?<=-)(?:a|an|the|to|of|in|on|for|with|from|by|at|and|or|is)(?=-)")
_LEAST_WORD, _RARE_WORD, _FEW_PAPERS = 5, 2, 3
_LONG_TITLE, _TITLE_WORDS, _SURE_WORDS = 16, 4, 6  # shorter titles are looked up as names
_TITLE_WORD = re.compile(r"[^\W_][\w'’-]*")
_CAPITALISED = re.compile(r"[A-Z][a-z]{3,}")
_VERSION = re.compile(r"[vV]?\d{1,2}(?:\.\d{1,2})?")
_LIKE = 70  # what is less like a name, from 0 to 100, is not looked at more closely
_JOINING = frozenset("a an the i of in is are does do to and or for on with by what which how many much".split())


@dataclass(frozen=True)
class Mention:
    """A name in a question: as written, its key in the index, the place of its words, and who bears it."""

    written: str
    key: str
    named: Named
    start: int
    end: int


@dataclass(frozen=True)
class Names:
    """The names in a question. `unknown` are written like names and stand nowhere in the library."""

    known: tuple[Mention, ...]
    unknown: tuple[str, ...]

    @property
    def owned(self) -> tuple[Mention, ...]:
        """The names that stand for papers of the library."""
        return tuple(mention for mention in self.known if mention.named.owners)


def find_names(text: str, index: LexicalIndex) -> Names:
    """The names in `text`: the longest runs of words whose key is in the index, from left to right.

    A misspelt name is taken for the nearest one, if it is near enough and cannot be a word or another name.
    """
    text = shown(text).replace("-vs-", " vs ")  # "the OwlNet-vs-HawkNet comparison" names two
    identifiers = identifiers_in(text)
    at = index.identified({kept for _, _, kept in identifiers}) if identifiers else {}
    known = [Mention(text[a:b], kept, Named(own=(at[kept],)), a, b) for a, b, kept in identifiers if kept in at]
    unknown = [text[a:b] for a, b, kept in identifiers if kept not in at]
    known += _titles(text, index)
    known += _short_titles(text, index, {n for mention in known for n in mention.named.own})
    text = _blanked(text, [*((m.start, m.end) for m in known), *((a, b) for a, b, _ in identifiers)])
    known += (begun := _begun_titles(text, index))  # "Large Owls Are Fast" may begin one title and stand in another
    text = _blanked(text, [(m.start, m.end) for m in begun])
    words = [(m.start(), _bare(m.group())) for m in _WORD.finditer(text)]
    words = [(at, word) for at, word in words if word]
    first = 0
    while first < len(words):
        taken = _longest(words, first, index, careless=text.islower()) or _misspelt(words, first, index)
        if taken:
            mention, count = taken
            first += count
            if version := _version(mention, words[first : first + 2], index):
                unknown.append(f"{mention.written} {version}")
                first += 1
            else:
                known.append(mention)
            continue
        word = words[first][1]
        # "LLM-glued-to-an-encoder" is a phrase with hyphens.
        shaped = looks_like_name(word) and not _PHRASE.search(word) and not _made_of_known(word, index)
        if shaped or (re.search(r"[\w,)]\s+$", text[: words[first][0]]) and _is_strange(word, index)):
            unknown.append(word)
        first += 1
    meant = [mention for mention in known if not _SET_ASIDE.search(text, 0, mention.start)]
    if any(mention.named.owners for mention in meant):
        known = meant  # "InfMLLM (not InfLLM!)" is about one of the two
    return Names(tuple(known), tuple(unknown))


def _titles(text: str, index: LexicalIndex) -> list[Mention]:
    """Titles of at least four words that stand whole in the text, or up to their colon."""
    folded = title_key(text)
    found: list[Mention] = []
    for one in index.titles_in(folded):
        key, title, n = one.key, one.written, one.paper
        if len(key) < _LONG_TITLE or len(title.split()) < _TITLE_WORDS:
            continue
        if any(n in mention.named.own for mention in found):
            continue
        pattern = r"[\W_]*".join(map(re.escape, re.findall(r"[^\W_]+", shown(title))))
        if match := re.search(pattern, text, re.IGNORECASE):
            found.append(Mention(match.group(), key, Named(own=(n,)), match.start(), match.end()))
    return found


def _short_titles(text: str, index: LexicalIndex, told: Container[int]) -> list[Mention]:
    """Titles of a few words that stand in the text as they are written, with a capital that no sentence gives them.

    A title whose words many papers have is a phrase, be it written with capitals.
    """
    few = max(_FEW_PAPERS, len(index.papers) // 50)
    found: list[Mention] = []
    words = list(_TITLE_WORD.finditer(text))
    for at, word in enumerate(words):
        start = word.start()
        if not word.group()[0].isupper() or (found and start < found[-1].end):
            continue
        for last in reversed(words[at : at + _TITLE_WORDS]):
            written = text[start : last.end()]
            if start == 0 and last is word and len(words) > 1:
                continue
            owners = [n for n in index.titled(title_key(written)) if shown(index.papers[n].title) == written]
            if owners and owners[0] not in told and int(index.having(terms(written)).sum()) <= few:
                found.append(Mention(written, title_key(written), Named(own=tuple(owners)), start, last.end()))
                break
    return found


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _begun_titles(text: str, index: LexicalIndex) -> list[Mention]:
    """Titles that a text begins with capitals, with four words of them or as far as they have a "?" or ":"."""
    found: list[Mention] = []
    words = list(_TITLE_WORD.finditer(text))
    for at, word in enumerate(words):
        if not word.group()[0].isupper() or (found and word.start() < found[-1].end):
            continue
        likely = index.titles_beginning(title_key(text[word.start() : word.start() + 2 * _LONG_TITLE]))
        begun = {n: _shared(shown(index.papers[n].title), words[at:]) for n in likely}
        longest = max(begun.values(), default=0)
        owners = [n for n, count in begun.items() if count == longest]
        if longest and len(owners) == 1:
            written = text[word.start() : (end := words[at + longest - 1].end())]
            found.append(Mention(written, title_key(written), Named(own=(owners[0],)), word.start(), end))
    return found


def _shared(title: str, words: Sequence[re.Match[str]]) -> int:
    """With how many words a title begins that follow each other in a question; 0 where they may be a sentence's own."""
    its = list(_TITLE_WORD.finditer(title))
    pairs = zip(its, words, strict=False)
    apart = (n for n, (one, other) in enumerate(pairs) if one.group().casefold() != other.group().casefold())
    count = next(apart, min(len(its), len(words)))
    if count < 2 or (count < _SURE_WORDS and sum(word.group()[0].isupper() for word in words[:count]) < 2):
        return 0
    headed = re.match(r"\s*[:?!]", title[its[count - 1].end() :])
    return count if headed or count >= _TITLE_WORDS else 0


def only_names(text: str, index: LexicalIndex) -> bool:
    """True for a question that is nothing but the names of papers, and words that no paper has: "OwlNet pls"."""
    owned = find_names(text, index).owned
    rest = _blanked(shown(text), ((mention.start, mention.end) for mention in owned))
    left = [word for at in _WORD.finditer(rest) if (word := _bare(at.group()))]
    said = [topic_of(word) for word in left if not is_kind(word)]
    return bool(owned) and all(own and not any(map(index.frequency, own)) for own in said)


def _version(mention: Mention, following: Sequence[tuple[int, str]], index: LexicalIndex) -> str:
    """The figure behind the name of a paper that makes it that of another, "OwlNet 2", which no paper has; or ""."""
    if not following or not mention.named.own or following[0][0] != mention.end + 1:
        return ""
    figure = following[0][1]
    counts = len(following) > 1 and topic_of(following[1][1])  # "OwlNet 2 steps"
    if counts or not _VERSION.fullmatch(figure) or name_key(f"{mention.written} {figure}") in index.names:
        return ""
    return figure


def _is_strange(word: str, index: LexicalIndex) -> bool:
    """True for a word with a capital that neither a paper, an author nor the language has: "Zika"."""
    small = word.lower()
    strange = _CAPITALISED.fullmatch(word) and not (is_word(small, index) or index.authors((small,)))
    return bool(strange) and slips_mended(small, index) == small


def _bare(word: str) -> str:
    word = re.sub(r"['’](?:s|S)?$", "", word.strip(".'’`*_-–—¿¡"))
    return word.strip("'’")


def _longest(
    words: Sequence[tuple[int, str]], first: int, index: LexicalIndex, *, careless: bool
) -> tuple[Mention, int] | None:
    for count in range(min(_LONGEST, len(words) - first), 0, -1):
        run = words[first : first + count]
        if count > 1 and (run[0][1].lower() in _JOINING or run[-1][1].lower() in _JOINING):
            continue
        written = " ".join(word for _, word in run)
        found = [(key, index.names[key]) for key in (name_key(written), *_variants(written)) if key in index.names]
        # The name inside, if it is somebody's, rather than a mention of the whole: "PandaLM" for "PandaLM-7B".
        for key, named in sorted(found, key=lambda pair: not pair[1].owners):
            if not (named.owners or named.mentioned) or not _as_name(written, named, count, index, careless=careless):
                continue
            kind = run[0][1].islower() and not run[-1][1].islower() and is_kind(run[-1][1])
            if count > 1 and (kind or not named.own):
                continue  # "a video LLM" is no "VideoLLM", be it one's own
            return Mention(written, key, named, run[0][0], run[-1][0] + len(run[-1][1])), count
    return None


def _variants(written: str) -> tuple[str, ...]:
    # "LLaVA-Mini-based", "MoEs", "PandaLM-7B": the name inside.
    inner = re.sub(r"-(?:based|like|style|only|tuned|trained|specific)$", "", written)
    key, unsized = name_key(inner), name_key(re.sub(r"[-\s]\d+(?:\.\d+)?[bBmM]$", "", inner))
    return (key, key[:-1], unsized) if key.endswith("s") and len(key) > 4 else (key, unsized)


def _as_name(written: str, named: Named, count: int, index: LexicalIndex, *, careless: bool) -> bool:
    """True if the words are written so that they can be the name: a name that is a word too needs its capitals.

    In a question without any capitals it is the name where the library hardly uses the word.
    """
    if not named.owners and not looks_like_name(written):
        return False
    if not named.word and (count > 1 or len(name_key(written)) > 2):
        return True
    if not named.own:
        return looks_like_name(written)
    rare = careless and len(written) >= _LEAST_WORD and index.frequency(_stemmed(written)) <= _RARE_WORD
    return any(letter.isupper() for letter in written) or rare


def _misspelt(words: Sequence[tuple[int, str]], first: int, index: LexicalIndex) -> tuple[Mention, int] | None:
    for count in (3, 2, 1):
        if first + count > len(words):
            continue
        run = words[first : first + count]
        if count > 1 and (run[0][1].lower() in _JOINING or run[-1][1].lower() in _JOINING):
            continue
        written = " ".join(word for _, word in run)
        key = name_key(written)
        if len(key) < 6 or key in index.names or (count == 1 and index.frequency(key)):
            continue
        shaped = looks_like_name(written) or any(looks_like_name(word) for _, word in run)
        phrase = count > 1 or re.fullmatch(r"[a-z]+", written) is None or len(key) < 7
        # Plain words side by side are a phrase, unless they are all but equal to a name.
        if not shaped and phrase and (count == 1 or all(index.frequency(_stemmed(word)) for _, word in run)):
            continue
        if not index.near_names(key):  # which is the nearest of all has to be looked at where one is near only
            continue
        best = extractOne(key, index.owned_keys, scorer=ratio, score_cutoff=_LIKE)
        if best is None or re.sub(r"\D", "", best[0]) != re.sub(r"\D", "", key):
            continue
        # One letter for another makes another name ("Video-LLaVA", "Video-LLaMA"); one too many, one too few or two
        # turned round is a slip of the hand.
        turned = sorted(best[0]) == sorted(key)
        if OSA.distance(key, best[0]) > (2 if turned else 1) or (len(best[0]) == len(key) and not turned):
            continue
        return Mention(written, best[0], index.names[best[0]], run[0][0], run[-1][0] + len(run[-1][1])), count
    return None


def _stemmed(word: str) -> str:
    return next(iter(terms(word)), "")


def _made_of_known(word: str, index: LexicalIndex) -> bool:
    """True if every part of a hyphenated name occurs in the library: "LoRA-tuned", "GPT-4V-generated"."""
    parts = [part for part in re.split(r"[-/]", word) if part]
    if len(parts) < 2:
        found = terms(word)
        return bool(found) and all(index.frequency(term) for term in found)
    return (
        all(
            name_key(part) in index.names or (not looks_like_name(part) and all(map(index.frequency, terms(part))))
            for part in parts
        )
        and parts[-1].islower()
    )
