"""Random steps of owners, most in a transaction of their own, that may end before its commit as in a crash."""

from collections.abc import Callable, Collection, Iterator, Sequence
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
    """An owner that takes random steps. `STEPS` names the methods, `REFUSALS` what they may raise instead of acting.

    A worker commits before it calls a provider, and again afterwards: such `STEPS_OF_WORKERS` run outside a
    transaction, and crash where the provider does.
    """

    STEPS: ClassVar[Sequence[str]]
    STEPS_OF_WORKERS: ClassVar[Collection[str]] = ()
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
            if name in self.STEPS_OF_WORKERS:
                getattr(self, name)()
            else:
                self._act_or_crash(name)
        except not_committed:
            return ""
        for call in self.once_committed:
            call()
        return name

    @transaction.atomic
    def _act_or_crash(self, name: str) -> None:
        self.prepare()
        getattr(self, name)()
        if self.rng.random() < _CRASH_RATE:
            raise Crash


AnyWalker = TypeVar("AnyWalker", bound=Walker)


def steps_of(people: Sequence[AnyWalker], rng: Random, steps: int) -> Iterator[tuple[int, str, AnyWalker]]:
    """Take this many steps of one owner each. Yields the number, the name ("" if not committed) and the owner."""
    for number in range(steps):
        who = rng.choice(people)
        yield number, who.step(), who
