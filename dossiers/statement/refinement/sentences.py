"""A text as sentences, with the gaps between them, so that unchanged sentences stay as they were to the letter."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# A full stop behind these ends no sentence.
_ABBREVIATIONS: Final = frozenset(
    {
        *("approx", "ca", "etc", "fig", "ft", "no", "nr", "mr", "mrs", "dr", "st", "vs", "max", "min", "e.g", "i.e"),
        *("bzw", "bspw", "d.h", "u.a", "z.b", "usw", "evtl", "ggf", "inkl", "mind", "tel", "abs", "vgl", "hr", "fr"),
        *("jan", "feb", "aug", "sep", "sept", "okt", "oct", "nov", "dez", "dec"),
    }
)
_END: Final = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+|\s*\n\s*")
_MONTH: Final = re.compile(r"(Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")
_LAST_WORD: Final = re.compile(r"([\w.]+)\.[\"'”’»)]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, and the blanks behind it."""

    sentence: str
    gap: str


def pieces_of(text: str) -> list[Piece]:
    """Return the sentences of a text, in order; their sentences and gaps joined are the text without its outer blanks.

    A line break ends a sentence too.
    """
    return list(_pieces(text.strip()))


def _pieces(text: str) -> Iterator[Piece]:
    start = 0
    for found in _END.finditer(text):
        sentence = text[start : found.start()]
        if not sentence or ("\n" not in found.group() and not _is_end(sentence, text[found.end() :])):
            continue
        closing = found.group()[: len(found.group()) - len(found.group().lstrip("\"'”’»)"))]
        yield Piece(sentence + closing, found.group()[len(closing) :])
        start = found.end()
    if text[start:]:
        yield Piece(text[start:], "")


def _is_end(sentence: str, rest: str) -> bool:
    """Return whether a full stop ends the sentence: not that of an abbreviation, an initial, or `3. Mai`."""
    word = _LAST_WORD.search(sentence)
    if word is None:
        return True
    last = word.group(1).casefold()
    if last.isdigit() and len(last) <= 2:
        return rest[:1].isupper() and _MONTH.match(rest) is None
    return last not in _ABBREVIATIONS and not (len(last) == 1 and last.isalpha() and last != "i")
