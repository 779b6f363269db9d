"""A provider that pays payees, in memory: it is unreachable, refuses, or kills its caller, also after a transfer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from django.utils import timezone

from billing.providers.base import ProviderRefused, ProviderUnavailable
from billing.providers.transfers import Transferred
from drills.money._walker import Crash

_FAULT_RATE: Final = 0.15


@dataclass
class UnreliableSender:
    """Remembers every transfer, whatever became of the caller. It forgets the keys: only its list shows a transfer."""

    rng: Random
    made: dict[str, Transferred] = field(default_factory=dict)

    def send(
        self, *, payout_id: str, account_ref: str, amount_minor: int, currency: str, payment_ref: str, key: str
    ) -> Transferred:
        if self._happens():
            raise ProviderUnavailable("before it was sent")
        if self._happens():
            raise ProviderRefused("account_closed")
        transfer = Transferred(
            ref=uuid4().hex,
            payout_id=payout_id,
            account_ref=account_ref,
            amount_minor=amount_minor,
            currency=currency,
            created_at=timezone.now(),
        )
        self.made[transfer.ref] = transfer
        if self._happens():
            raise ProviderUnavailable("after it was sent")
        if self._happens():
            raise Crash
        return transfer

    def transfer_of(self, payout_id: str) -> Transferred | None:
        return next((each for each in self.made.values() if each.payout_id == payout_id), None)

    def transfer(self, ref: str) -> Transferred:
        return self.made[ref]

    def transfers(self, *, first: date, last: date) -> list[Transferred]:
        return list(self.made.values())

    def arrive(self, ref: str) -> None:
        self.made[ref] = replace(self.made[ref], has_arrived=True)

    def take_back(self, ref: str) -> None:
        self.made[ref] = replace(self.made[ref], returned_minor=self.made[ref].amount_minor)

    def sent_for(self, payout_ids: set[str]) -> int:
        """Return what was sent for these payouts, and not taken back."""
        made = [each for each in self.made.values() if each.payout_id in payout_ids]
        return sum(each.amount_minor - each.returned_minor for each in made)

    def _happens(self) -> bool:
        return self.rng.random() < _FAULT_RATE


@contextmanager
def sending(rng: Random) -> Iterator[UnreliableSender]:
    """Have every payout sent by this provider until the block ends."""
    sender = UnreliableSender(rng)
    with patch("billing.payees.payouts.payout_sender", lambda _: sender):
        yield sender
