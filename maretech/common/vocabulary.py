"""Closed lists of words, without Django: models, serializers, engines and wording all derive from them."""

from enum import StrEnum
from typing import Self


class Vocabulary(StrEnum):
    """A closed list of words. A member may add a label for staff pages: `GRP = "grp", "fibreglass"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    def __init__(self, *_: str) -> None:
        self.label = self.label or self.name.replace("_", " ").title()

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return the words with their labels, for the `choices` of a field."""
        return [(word.value, word.label) for word in cls]

    @classmethod
    def values(cls) -> list[str]:
        """Return the plain values. Migrations store these, not the members, so that a member may be renamed."""
        return [word.value for word in cls]
