"""Text of others, made fit for a page: its direction, its lines, and words too long for a line. Nothing is lost."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_LONGEST_WORD: Final = 24
_SHORT: Final = 48
_BREAK: Final = "\u200b"
_ISOLATE: Final = "\u2068"
_END: Final = "\u2069"
_RIGHT_TO_LEFT: Final = ("R", "AL")
# These join their letters, or break without blanks: the typesetter knows where.
_LEFT_ALONE: Final = re.compile("[\u0590-\u08ff\u0900-\u109f\u1200-\u139f\u1780-\u17ff\u3000-\u9fff\uac00-\ud7af]")
_LONG_WORD: Final = re.compile(rf"\S{{{_LONGEST_WORD},}}")
_BLANKS: Final = re.compile(r"[ \t\r\n\u2028\u2029]+")


def one_line(text: str) -> str:
    """Return the text with every run of blanks and line ends as one blank."""
    return breakable(_BLANKS.sub(" ", text).strip())


def paragraphs(text: str) -> Iterator[str]:
    """Return the paragraphs of a text, which empty lines part; their line ends stay."""
    unified = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).replace("\t", " ")
    for paragraph in re.split(r"\n\s*\n", unified):
        if paragraph.strip():
            yield breakable(paragraph.strip("\n "))


def shortened(text: str) -> str:
    """Return the text for a line that has little room; cut between characters, never inside a joined one."""
    if len(text) <= _SHORT:
        return text
    kept = _SHORT
    while kept and (_continues(text[kept]) or _continues_after(text[kept - 1])):
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def is_right_to_left(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left."""
    directions = map(unicodedata.bidirectional, text)
    return next((each in _RIGHT_TO_LEFT for each in directions if each in ("L", *_RIGHT_TO_LEFT)), False)


def isolated(text: str) -> str:
    """Return the text for use inside a sentence, so that letters from right to left do not reorder the rest of it."""
    runs_left = any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in text)
    return f"{_ISOLATE}{text}{_END}" if runs_left else text


def breakable(text: str) -> str:
    """Return the text with an invisible place to break a line between the characters of a word too long for it."""
    return _LONG_WORD.sub(lambda found: _broken(found[0]), text)


def without_breaks(text: str) -> str:
    return text.replace(_BREAK, "")


def _broken(word: str) -> str:
    if _LEFT_ALONE.search(word):
        return word
    return "".join(
        _BREAK + each if place and not _continues(each) and not _continues_after(word[place - 1]) else each
        for place, each in enumerate(word)
    )


def _continues(character: str) -> bool:
    """Return whether the character is a part of the one before it."""
    return unicodedata.category(character)[0] in "MC" or 0x1F3FB <= ord(character) <= 0x1F3FF


def _continues_after(character: str) -> bool:
    return character == "\u200d" or 0x1F1E6 <= ord(character) <= 0x1F1FF
