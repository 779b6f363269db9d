"""Random steps of owners, each in a transaction of its own, that may end before its commit as in a crash."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar, Final, TypeVar

from django.db import transaction

from accounts.models import User

_CRASH_RATE: Final = 0.05


class Crash(Exception):
    """The process died before the commit."""


class NothingThere(Exception):
    """No row exists that the step needs."""


@dataclass
class Walker:
    """An owner that takes random steps. `STEPS` names the methods, `REFUSALS` what they may raise instead of acting."""

    STEPS: ClassVar[Sequence[str]]
    REFUSALS: ClassVar[tuple[type[Exception], ...]]

    user: User
    rng: Random
    once_committed: list[Callable[[], object]] = field(default_factory=list)

    def prepare(self) -> None:
        """Run at the start of each step's transaction."""

    def step(self) -> str:
        """Take one step; return its name, or "" if it was not committed. After the commit, run `once_committed`."""
        name, self.once_committed = self.rng.choice(self.STEPS), []
        not_committed: tuple[type[Exception], ...] = (Crash, NothingThere, *self.REFUSALS)
        try:
            with transaction.atomic():
                self.prepare()
                getattr(self, name)()
                if self.rng.random() < _CRASH_RATE:
                    raise Crash
        except not_committed:
            return ""
        for call in self.once_committed:
            call()
        return name


AnyWalker = TypeVar("AnyWalker", bound=Walker)


def steps_of(people: Sequence[AnyWalker], rng: Random, steps: int) -> Iterator[tuple[int, str, AnyWalker]]:
    """Take this many steps of one owner each. Yields the number, the name ("" if not committed) and the owner."""
    for number in range(steps):
        who = rng.choice(people)
        yield number, who.step(), who
