"""Submit one store purchase from twenty accounts, ten times each, at the same moment: one credit, one owner.

The owner's repetitions are valid; every other account gets `invalid` and no detail.

Control: the store gives the purchase another id each time, so no repetition is recognised: every account gets a credit,
and more than one.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from billing.models import LedgerTransaction, Order
from billing.providers.mock import MockProvider
from billing.vocabulary import EntryKind
from drills.harness.api_client import Answer, Caller, at_once, crowd
from drills.harness.runner import DrillContext, Result, main


def mock_receipt(_people: list[Caller]) -> str:
    return f"mock-valid-{uuid4()}"


def disable_guard() -> AbstractContextManager[object]:
    known = MockProvider.purchase_of

    def under_new_id(store: MockProvider, receipt: str) -> Any:
        purchase = known(store, receipt)
        return purchase and replace(purchase, ref=uuid4().hex)

    return patch.object(MockProvider, "purchase_of", under_new_id)


def drill(context: DrillContext, *, receipt_of: Callable[[list[Caller]], str] = mock_receipt) -> Result:
    """`receipt_of` makes the receipt of one purchase; at most one of these people made it."""
    accounts, times, purchases = (5, 4, 1) if context.small else (20, 10, 5)
    people = crowd(context.base_url, accounts)
    outcomes = [_outcome(people, receipt=receipt_of(people), times=times) for _ in range(purchases)]
    faults = [outcome.description for outcome in outcomes if not outcome.is_right]
    attacks = {
        "by other accounts": any(outcome.owners > 1 for outcome in outcomes),
        "by its owner again": any(outcome.credits > outcome.owners for outcome in outcomes),
    }
    figure = f"{len(faults)} purchases with another outcome" + (f" ({faults[0]})" if faults else "")
    bound = "1 credit, 1 owner; everybody else `invalid`, and nothing more"
    return Result(f"{purchases} × {accounts} accounts × {times}", figure, bound, not faults, attacks)


@dataclass(frozen=True)
class Outcome:
    credits: int
    owners: int
    is_right: bool
    description: str


def _outcome(people: list[Caller], *, receipt: str, times: int) -> Outcome:
    before = _granted()
    body = {"provider": "app_store", "receipt": receipt}
    submissions = [partial(_submit, who, body) for _ in range(times) for who in people]
    answers = at_once(submissions)
    valid = {who for who, answer in answers if answer.body == {"status": "valid"}}
    rejections = {str(answer.body) for who, answer in answers if who not in valid}
    statuses = {answer.status for _, answer in answers}
    orders, credits = _granted()[0] - before[0], _granted()[1] - before[1]
    passed = (orders, credits, len(valid)) == (1, 1, 1)
    is_uniform = statuses == {200} and rejections == {"{'status': 'invalid'}"}
    description = f"{credits} credits, {len(valid)} owners, {statuses}, answers {sorted(rejections)[:2]}"
    return Outcome(credits, len(valid), passed and is_uniform, description)


def _submit(who: Caller, body: object) -> tuple[str, Answer]:
    return who.email, who.post("/payments/validate", body)


def _granted() -> tuple[int, int]:
    return Order.objects.count(), LedgerTransaction.objects.filter(kind=EntryKind.CREDIT_GRANT).count()


if __name__ == "__main__":
    main(drill, disable_guard)
