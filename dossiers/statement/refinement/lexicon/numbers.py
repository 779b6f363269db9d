"""Numbers in words, as digits."""

import re
from typing import Final


def _numbered(names: str, *, start: int = 0, step: int = 1) -> dict[str, int]:
    return {name: step * number for number, name in enumerate(names.split(), start=start)}


_ENGLISH_SMALL: Final = _numbered(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ENGLISH_TENS: Final = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=2, step=10)
_ENGLISH_ORDINALS: Final = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", start=1
)
_GERMAN_SMALL: Final = _numbered(
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
# Case-folded: dreißig.
_GERMAN_TENS: Final = _numbered("zwanzig dreissig vierzig fünfzig sechzig siebzig achtzig neunzig", start=2, step=10)
_GERMAN_ORDINALS: Final = _numbered(
    "erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte", start=1
)
_UNIT_AND_TEN: Final = re.compile(rf"(?:({'|'.join(_GERMAN_SMALL)})und)?({'|'.join(_GERMAN_TENS)})")
_ORDINAL_ENDING: Final = re.compile(r"(?<=te)[nmrs]$")
# Numbers that are spoken in pairs of digits are years: nineteen eighty-six.
_OF_TWO_DIGITS: Final = range(10, 100)


def english_number(words: list[str]) -> tuple[str, int]:
    """Return the number at the start of the words as digits, and how many words it takes; `("", 0)` without one."""
    if words[:1] and words[0] in _ENGLISH_ORDINALS:
        return f"{_ENGLISH_ORDINALS[words[0]]}.", 1
    if words[:1] == ["a"] and words[1:2] in (["hundred"], ["thousand"]):
        words = ["one", *words[1:]]
    value, taken = _english_below_thousand(words)
    if not taken:
        return "", 0
    if words[taken : taken + 1] == ["thousand"]:
        rest, more = _english_below_thousand(words[taken + 1 :])
        return str(1000 * value + rest), taken + 1 + more
    pair, more = _english_below_hundred(words[taken:])
    if value in _OF_TWO_DIGITS and more and pair in _OF_TWO_DIGITS:
        return f"{value}{pair}", taken + more
    if words[taken : taken + 1] == ["point"]:
        part, more = _english_below_hundred(words[taken + 1 :])
        return (f"{value}.{part}", taken + 1 + more) if more else (str(value), taken)
    return str(value), taken


def _english_below_thousand(words: list[str]) -> tuple[int, int]:
    value, taken = _english_below_hundred(words)
    if not taken or words[taken : taken + 1] != ["hundred"]:
        return value, taken
    after = taken + 1 + (words[taken + 1 : taken + 2] == ["and"])
    rest, more = _english_below_hundred(words[after:])
    return (100 * value + rest, after + more) if more else (100 * value, taken + 1)


def _english_below_hundred(words: list[str]) -> tuple[int, int]:
    if not words:
        return 0, 0
    if words[0] in _ENGLISH_SMALL:
        return _ENGLISH_SMALL[words[0]], 1
    if words[0] not in _ENGLISH_TENS:
        return 0, 0
    unit = _ENGLISH_SMALL.get(words[1], 0) if len(words) > 1 else 0
    return _ENGLISH_TENS[words[0]] + unit * (unit < 10), 1 + (0 < unit < 10)


def german_number(words: list[str]) -> tuple[str, int]:
    """Return the number in the first word as digits, and 1; `("", 0)` without one. `ein` alone is an article."""
    if not words:
        return "", 0
    ordinal = _ORDINAL_ENDING.sub("", words[0])
    if ordinal in _GERMAN_ORDINALS:
        return f"{_GERMAN_ORDINALS[ordinal]}.", 1
    value = 1 if words[0] == "eins" else _german(words[0]) if words[0] != "ein" else None
    return ("", 0) if value is None else (str(value), 1)


def _german(word: str) -> int | None:
    """Return the number that a word is. Its parts are multiplied and added: neunzehn-hundert-sechs-und-achtzig."""
    for power, name in ((1000, "tausend"), (100, "hundert")):
        before, found, after = word.partition(name)
        if found:
            many = _german(before) if before else 1
            rest = _german(after.removeprefix("und")) if after else 0
            return None if many is None or rest is None else many * power + rest
    if word in _GERMAN_SMALL:
        return _GERMAN_SMALL[word]
    parts = _UNIT_AND_TEN.fullmatch(word)
    return parts and _GERMAN_TENS[parts[2]] + _GERMAN_SMALL.get(parts[1] or "", 0)
