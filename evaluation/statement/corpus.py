"""The written statements with their facts, and the pairs of a sentence and a wording that a person has labelled."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "de")
_HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Written:
    """A statement and the words that any wording of it must have. `name` is its language and line."""

    name: str
    language: str
    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, a wording of it, and whether a person says that both say the same."""

    name: str
    language: str
    sentence: str
    proposed: str
    is_same: bool


def statements() -> list[Written]:
    return [
        Written(name, language, text, tuple(fact.strip() for fact in facts.split(";")))
        for language in LANGUAGES
        for name, (text, facts) in _rows(f"statements.{language}.txt", language)
    ]


def pairs() -> list[Pair]:
    return [
        Pair(name, language, sentence, proposed, is_same == "=")
        for language in LANGUAGES
        for name, (sentence, proposed, is_same) in _rows(f"rewordings.{language}.txt", language)
    ]


def spoken_sentences() -> list[str]:
    """Return the English sentences about hulls that voices read aloud."""
    return (_HERE / "spoken.en.txt").read_text(encoding="utf-8").splitlines()


def _rows(file: str, language: str) -> Iterator[tuple[str, list[str]]]:
    lines = (_HERE / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.startswith("#"):
            yield f"{language}:{number}", [part.strip() for part in line.split(" | ")]
