"""What the check knows of a language: which words carry a fact, which carry none, and which are forms of one word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dossiers.statement.reasons import KeptReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The words of a language, case-folded.

    `facts` maps a word to the kind of its fact and the word that represents all of its meaning: `big` and `large` are
    one size. `phrases` are words that count as one, `synonyms` other spellings and words of one meaning. `plurals` are
    forms of words that are counted: the singular is another fact. `tenses` are auxiliaries. `fillers` may be left out,
    `harmless` words may be left out and put in.
    """

    language: str
    facts: Mapping[str, tuple[KeptReason, str]]
    phrases: Mapping[str, str]
    synonyms: Mapping[str, str]
    plurals: Mapping[str, str]
    past: Mapping[str, str]
    tenses: Mapping[str, str]
    fillers: frozenset[str]
    harmless: frozenset[str]
    stem: Callable[[str], str]
    is_past: Callable[[str], bool]
    number_of: Callable[[list[str]], tuple[str, int]]
    """Return the number at the start of the words, and how many of them it takes: `("", 0)` if there is none."""


def groups(text: str) -> dict[str, str]:
    """Return every word of a group with the first word of that group. `;` ends a group, `_` is a blank in a phrase."""
    found = [[word.replace("_", " ") for word in group.split()] for group in text.split(";") if group.strip()]
    return {word: group[0] for group in found for word in group}


def plurals_of(text: str) -> dict[str, str]:
    """Return the singular of each plural. A group is a singular, and its plurals."""
    return {plural: one for plural, one in groups(text).items() if plural != one}


def facts_of(kinds: Mapping[KeptReason, str]) -> dict[str, tuple[KeptReason, str]]:
    return {word: (kind, means) for kind, text in kinds.items() for word, means in groups(text).items()}


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
