"""Send many keys, fifty times each at the same moment: one effect a key, and every caller gets that effect's answer.

Control: claims are invisible to other requests (each request claims its key under a name of its own).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Final
from unittest.mock import patch
from uuid import uuid4

from billing.models import Order
from drills.harness.api_client import Answer, Caller, at_once, crowd
from drills.harness.runner import DrillContext, Result, main
from inspections.models import Inspection
from maretech.common.http import idempotency

INSPECTION: Final = ("/inspections", {"mode": "corrosion", "capture_context": {"hull_material": "steel"}})
PURCHASE: Final = ("/checkout/sessions", {"product": "osmosis_inspection"})


def disable_guard() -> AbstractContextManager[object]:
    claim = idempotency._claim  # noqa: SLF001 - the guard is taken away from the inside
    return patch.object(idempotency, "_claim", lambda request, key: claim(request, f"{key}/{uuid4()}"))


def drill(context: DrillContext) -> Result:
    keys, times = (6, 10) if context.small or context.control else (200, 50)
    people = crowd(context.base_url, min(keys, 20))
    for who in people:
        who.post("/subscriptions/corrosion/mock", {"active": True})
    before = _effects()
    strange: list[str] = []
    for number in range(keys):
        path, body = PURCHASE if number % 4 == 0 else INSPECTION
        answers = at_once([_sending(people[number % len(people)], path, body, f"key {number}")] * times)
        strange += _wrong_answers(answers)
    effects = _effects() - before
    figure = f"{effects} effects, {len(strange)} other answers than the resource or 409{_first(strange)}"
    return Result(f"{keys} keys × {times}", figure, f"{keys} effects, 0 other", effects == keys and not strange)


def _sending(who: Caller, path: str, body: object, key: str) -> Callable[[], Answer]:
    return partial(who.post, path, body, key=key)


def _effects() -> int:
    return Inspection.objects.count() + Order.objects.count()


def _wrong_answers(answers: list[Answer]) -> list[str]:
    """Return wrong answers: at least one caller must get the one resource, all others "in progress"."""
    done = [answer for answer in answers if answer.is_done]
    others = [answer for answer in answers if not answer.is_done]
    resources = {answer.body.get("inspection_id") or answer.body.get("session_id") for answer in done}
    faults = [f"{len(resources)} resources"] if len(resources) != 1 else []
    return faults + [f"{one.status} {one.body}" for one in others if not _is_under_way(one)]


def _is_under_way(answer: Answer) -> bool:
    return answer.status == 409 and answer.body["error_code"] == "IDEMPOTENCY_IN_PROGRESS"


def _first(strange: list[str]) -> str:
    return f" ({strange[0][:100]})" if strange else ""


if __name__ == "__main__":
    main(drill, disable_guard)
