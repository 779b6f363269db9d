"""Submit hundreds of inspections through the rules themselves, and account for the results."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final
from uuid import UUID, uuid4

import numpy as np
from django.db import transaction
from PIL import Image

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import User
from billing import orders
from billing.entitlements import entitlements
from billing.ledger import inspection_credits
from billing.models import LedgerTransaction
from billing.vocabulary import EntryKind, ProductCode, Provider
from drills.harness.api_client import Caller
from inspections.capture import opening, submission
from inspections.models import Inspection, JobAttempt, MediaAsset, Result
from inspections.vocabulary import AttemptOutcome, InspectionStatus, Mode
from maretech.common.storage import object_store

GONE: Final = (AttemptOutcome.LEASE_EXPIRED, AttemptOutcome.FAILED)


@cache
def photo(seed: int = 0) -> bytes:
    """Return a sharp, textured picture that passes the photo check; each seed gives another one."""
    blocks = np.random.default_rng(seed).integers(60, 200, (10, 12, 3), dtype=np.uint8)
    out = BytesIO()
    Image.fromarray(np.kron(blocks, np.ones((48, 48, 1), dtype=np.uint8))).save(out, "JPEG", quality=85)
    return out.getvalue()


def owner_of(mode: str) -> User:
    """Create an account that may inspect: with one paid credit, or the free inspection."""
    owner = User.objects.create_user(f"{uuid4().hex}@example.org")
    if mode == Mode.OSMOSIS:
        buy_credit(owner)
    return owner


@transaction.atomic
def buy_credit(owner: User) -> None:
    entitlements.lock(owner)
    purchase = orders.Purchase(Provider.MOCK, uuid4().hex, ProductCode.OSMOSIS_INSPECTION)
    orders.record_purchase(owner=owner, purchase=purchase, cause="drill")


def signed_in(owner: User, base_url: str) -> Caller:
    return Caller(base_url, owner.email, issue_tokens(start_session(user=owner)).access_token)


def opened(owner: User, mode: str, **context: str) -> Inspection:
    """Open an inspection with one photo in the store."""
    details = {"capture_context": context}
    found = opening.open_inspection(owner=owner, mode=mode, points=1, details=details, repeatable=True).inspection
    first = MediaAsset.objects.filter(slot__inspection=found).first()
    assert first is not None
    object_store().write(first.uri, photo(), content_type="image/jpeg")
    return found


def submitted(mode: str, **context: str) -> UUID:
    """Submit an inspection of a new owner; it is queued."""
    owner = owner_of(mode)
    inspection_id = opened(owner, mode, **context).pk
    submission.submit_inspection(owner=owner, inspection_id=inspection_id, accept_incomplete=True)
    return inspection_id


def submitted_mixed(count: int) -> list[UUID]:
    """Submit inspections, every other one paid by a credit."""
    return [submitted((Mode.OSMOSIS, Mode.CORROSION)[number % 2]) for number in range(count)]


def wait_until(is_true: Callable[[], bool], *, seconds: float, every: float = 0.25) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def unfinished(ids: Iterable[UUID]) -> int:
    return Inspection.objects.filter(pk__in=ids, status=InspectionStatus.PROCESSING).count()


@dataclass(frozen=True, slots=True)
class Account:
    """The account of submitted inspections: every number except the first must be 0."""

    results: int
    lost: int
    doubled: int
    wrong_credits: int

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.doubled or self.wrong_credits)

    def __str__(self) -> str:
        credits_told = f"{self.wrong_credits} credits not spent exactly once"
        return f"{self.results} results, {self.lost} lost, {self.doubled} doubled, {credits_told}"


def account_for(ids: Sequence[UUID]) -> Account:
    """Count deviations from one result each, by one attempt, and one spent credit for each paid inspection."""
    results = Result.objects.filter(inspection__in=ids).count()
    deliveries = JobAttempt.objects.filter(job__inspection__in=ids, outcome=AttemptOutcome.SUCCEEDED)
    delivered = Counter(deliveries.values_list("job__inspection_id", flat=True))
    paid = Inspection.objects.filter(pk__in=ids, access="credit").select_related("owner")
    wrong = sum(1 for inspection in paid if not _spent_once(inspection))
    return Account(results, len(ids) - results, sum(1 for times in delivered.values() if times > 1), wrong)


def _spent_once(inspection: Inspection) -> bool:
    """Return whether the owner's only credit was booked once, and none is left or held."""
    spent = LedgerTransaction.objects.filter(kind=EntryKind.CREDIT_SPEND, owner=inspection.owner).count()
    return spent == 1 and inspection_credits.balance_of(inspection.owner) == inspection_credits.Balance(0, 0)
