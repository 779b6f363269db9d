"""Reuse an idempotency key with another body, a new token and another user: a key belongs to its user and its body.

Control: bodies are not compared, so a key with another body gets the first one's resource.
"""

from contextlib import AbstractContextManager
from unittest.mock import patch

from drills.harness.api_client import Caller, crowd
from drills.harness.runner import DrillContext, Result, main
from inspections.models import Inspection


def disable_guard() -> AbstractContextManager[object]:
    return patch("maretech.common.http.idempotency._fingerprint", lambda _: "whatever")


def drill(context: DrillContext) -> Result:
    pairs = 2 if context.small else 50
    people = crowd(context.base_url, 2 * pairs)
    faults = [fault for number in range(pairs) for fault in _faults(*people[2 * number : 2 * number + 2])]
    figure = f"{len(faults)} wrong" + (f" ({faults[0]})" if faults else "")
    bound = "other body: 422 and no effect; new token: the same; other user: independent"
    return Result(f"{pairs} keys × 3", figure, bound, not faults)


def _faults(who: Caller, other: Caller) -> list[str]:
    path, body, key = "/inspections", {"mode": "corrosion", "capture_context": {"hull_material": "steel"}}, "key"
    for each in (who, other):
        each.post("/subscriptions/corrosion/mock", {"active": True})
    first = who.post(path, body, key=key)
    before = Inspection.objects.count()
    reused = who.post(path, {**body, "capture_context": {"hull_material": "aluminium"}}, key=key)
    again = who.signed_in_again().post(path, body, key=key)
    effects = Inspection.objects.count() - before
    theirs = other.post(path, body, key=key)
    holds = {
        "first": first.status == 201,
        "other body": (reused.status, effects) == (422, 0),
        "new token": again.is_done and again.body["inspection_id"] == first.body["inspection_id"],
        "other user": theirs.status == 201 and theirs.body["inspection_id"] != first.body["inspection_id"],
    }
    return [name for name, held in holds.items() if not held]


if __name__ == "__main__":
    main(drill, disable_guard)
