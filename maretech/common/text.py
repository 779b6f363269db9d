"""One form per text: however a keyboard composes a letter, whatever script its digits are in, in whatever case."""

import unicodedata
from typing import Final

# Control characters, line and paragraph separators, and what makes a name read as another one by reordering it.
_REFUSED: Final = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
LINES: Final = rf"\A[^{_REFUSED}]*\Z"
ONE_LINE: Final = rf"\A[^\t\n\r{_REFUSED}]*\Z"
# Looks like nothing although Unicode calls it a letter or a symbol: Hangul fillers, the empty Braille cell, a note
# without a head.
_UNSEEN: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
# Separators, what controls others, and marks: a mark shows nothing without what it marks.
_UNSEEN_KINDS: Final = frozenset("ZCM")


def composed(text: str) -> str:
    """The text in Unicode NFC, as all text is stored."""
    return unicodedata.normalize("NFC", text)


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen."""
    return all(each in _UNSEEN or unicodedata.category(each)[0] in _UNSEEN_KINDS for each in text)


def name_key(name: str) -> str:
    """By which two spellings of a name are one: NFC, case-folded, without blanks around it."""
    return composed(composed(name).casefold()).strip()


def plain_digits(code: str) -> str:
    """A code as it was meant: digits of any script as 0 to 9, without the blanks that keyboards and mails put in."""
    return "".join(_digit(each) for each in code if not each.isspace())


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def storable(text: str) -> str:
    """Return `text` with a `?` for each NUL and each half of a surrogate pair, which Postgres does not hold."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "?")
