"""What the rules correct in a sentence, per language: pairs of a pattern and its replacement, applied in order.

Each corrects how something is said, and none what. The check sees every result all the same.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

Correction = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _correct(pattern: str, instead: str | Callable[[re.Match[str]], str], *, any_case: bool = True) -> Correction:
    return re.compile(pattern, re.IGNORECASE if any_case else 0), instead


def _as_first(word: str) -> Callable[[re.Match[str]], str]:
    """Return a replacement that begins with a capital if what it replaces did."""
    return lambda found: word[:1].upper() + word[1:] if found.group()[:1].isupper() else word


def _capital(found: re.Match[str]) -> str:
    return found.group()[:1].upper() + found.group()[1:]


def _words(pairs: Mapping[str, str]) -> tuple[Correction, ...]:
    return tuple(_correct(rf"\b(?:{pattern})\b", _as_first(word)) for pattern, word in pairs.items())


_BLANKS: Final = (
    _correct(r"[ \t\u00a0]+", " "),
    _correct(r" +([,.;:!?])(?=\s|$)", r"\1"),
    _correct(r"([,;])(?:\s*[,;])+", r"\1"),
    _correct(r"^[\s,;]+", ""),
    _correct(r"[\s,;:–-]+$", ""),
    _correct(r"(?<=\d)(?=(?:mm|cm|kg|°C)\b)", " "),
)
_SENTENCE: Final = (
    _correct(r"^[\"'“„(]*[^\W\d_]", lambda found: found.group().upper(), any_case=False),
    _correct(r"(?<=[^\W_])$", "."),
    _correct(r"(?<=[%)])$", "."),
)

_ENGLISH_SPELLINGS: Final = {
    "star[ -]board|starbou?rd": "starboard",
    "water[ -]line": "waterline",
    "gel[ -]coat": "gelcoat",
    "anti[ -]fouling": "antifouling",
    "sea[ -]cock": "seacock",
    "chain[ -]plate": "chainplate",
    "keal": "keel",
    "blisster": "blister",
    "blissters": "blisters",
    "definately": "definitely",
    "seperate": "separate",
    "cos|cuz": "because",
    "there's": "there is",
    "can't": "cannot",
    "won't": "will not",
    "i'm": "I am",
    "i've": "I have",
    "i'll": "I will",
    "we've": "we have",
    "we're": "we are",
}
_SEVERAL: Final = r"two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|several|many|some|[2-9]|\d\d+"
_ENGLISH: Final = (
    _correct(r"(?:^|(?<=\s))(?:um+|uh+m*|er+m?|h+m+)\b[,.]?\s*", ""),
    _correct(r",\s*(?:you know|i mean),\s*", " "),
    _correct(r"^(?:you know|i mean|well|okay|ok|so|yeah),\s*", ""),
    _correct(r"\b(the|a|an|and|of|in|on|at|to|is|was|it|i|we|there|with|from|my)(?:,?\s+\1\b)+", r"\1"),
    *_words(_ENGLISH_SPELLINGS),
    _correct(r"\b(do|does|did|is|are|was|were|have|has|had|could|would|should)n't\b", r"\1 not"),
    _correct(rf"\bthere is (?=(?:{_SEVERAL}) \w+s\b)", "there are "),
    _correct(rf"\bthere was (?=(?:{_SEVERAL}) \w+s\b)", "there were "),
    _correct(r"\bi\b(?=\s|$|['’,.])", "I", any_case=False),
    _correct(
        r"\b(?:january|february|april|june|july|august|september|october|november|december|"
        r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
        _capital,
        any_case=False,
    ),
)
_GERMAN_SPELLINGS: Final = {
    "back[ -]bord|backboard": "Backbord",
    "steuer[ -]bord|steuerboard": "Steuerbord",
    "wasser[ -]linie": "Wasserlinie",
    "unter[ -]?wasser[ -]schiff": "Unterwasserschiff",
    "gel[ -]coat": "Gelcoat",
    "anti[ -]fouling": "Antifouling",
    "see[ -]ventil": "Seeventil",
    "nich": "nicht",
    "nix": "nichts",
    "gibts": "gibt es",
    "ne": "eine",
    "nen": "einen",
}
_GERMAN_NOUNS: Final = (
    "januar februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag frühjahr frühling sommer herbst winter jahr jahre jahren monat monate monaten "
    "woche wochen tag tage tagen kiel bug heck ruder rumpf rost boot schiff wasser wasserlinie unterwasserschiff "
    "gelcoat antifouling backbord steuerbord seeventil propeller welle anode anoden blase blasen bläschen riss risse "
    "fleck flecken farbe lack stelle stellen schweissnaht schweißnaht foto fotos seite werft osmose korrosion stahl"
)
_GERMAN: Final = (
    _correct(r"(?:^|(?<=\s))(?:ä+h+m*|ö+h+m*|h+m+)\b[,.]?\s*", ""),
    _correct(r",\s*(?:sag ich mal|sage ich mal|ich sag mal|weißt du),\s*", " "),
    _correct(r"^(?:naja|tja|also|ja|okay|ok),\s*", ""),
    _correct(r"\b(und|ist|am|im|auf|von|ein|eine|einen|ich|wir|es|da|mit|an|in)(?:,?\s+\1\b)+", r"\1"),
    *_words(_GERMAN_SPELLINGS),
    _correct(r"\b(ich) hab\b", r"\1 habe"),
    _correct(rf"\b(?:{_GERMAN_NOUNS.replace(' ', '|')})\b", _capital, any_case=False),
)
CORRECTIONS: Final[Mapping[str, tuple[Correction, ...]]] = {
    "en": (*_ENGLISH, *_BLANKS, *_SENTENCE),
    "de": (*_GERMAN, *_BLANKS, *_SENTENCE),
}
