"""One form per text, regardless of how a keyboard composes letters, of the script of its digits, and of case."""

import unicodedata
from datetime import datetime
from typing import Final

# Control characters, line and paragraph separators, and characters that reorder a name so that it reads as another.
_REFUSED: Final = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069"
LINES: Final = rf"\A[^{_REFUSED}]*\Z"
ONE_LINE: Final = rf"\A[^\t\n\r{_REFUSED}]*\Z"
# Invisible although Unicode calls them letters or symbols: Hangul fillers, the empty Braille cell, a note without a
# head.
_UNSEEN: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")
# Separators, control characters, and marks: a mark shows nothing without its base character.
_UNSEEN_KINDS: Final = frozenset("ZCM")


def composed(text: str) -> str:
    """Return the text in Unicode NFC, as all text is stored."""
    return unicodedata.normalize("NFC", text)


def is_blank(text: str) -> bool:
    """Return whether no character of the text is visible."""
    return all(each in _UNSEEN or unicodedata.category(each)[0] in _UNSEEN_KINDS for each in text)


def name_key(name: str) -> str:
    """Return the key that equal spellings of a name share: NFC, case-folded, stripped."""
    return composed(composed(name).casefold()).strip()


def plain_digits(code: str) -> str:
    """Return a code with digits of any script as 0 to 9, and without the blanks that keyboards and mails add."""
    return "".join(_digit(each) for each in code if not each.isspace())


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def storable(text: str) -> str:
    """Return `text` with a `?` for each NUL and each half of a surrogate pair, which Postgres does not hold."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "?")


def instant_of(text: str) -> datetime | None:
    """Return the instant that a stored text names; None for another text, and for a time without its UTC offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
