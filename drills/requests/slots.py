"""Request twenty-four points at the same moment on a free account: five are granted, the rest refused.

Control: rows are read without a lock. SQLite writes one transaction at a time, so its control proves nothing.
"""

from collections import Counter
from contextlib import AbstractContextManager
from functools import partial
from unittest.mock import patch

from django.db.models import QuerySet

from drills.harness.api_client import at_once, crowd
from drills.harness.runner import DrillContext, Result, main
from inspections.models import CaptureSlot

AT_ONCE = 24
FREE = 5


def disable_guard() -> AbstractContextManager[object]:
    return patch.object(QuerySet, "select_for_update", lambda rows, *_, **__: rows.all())


def drill(context: DrillContext) -> Result:
    people = crowd(context.base_url, 1 if context.small else 20)
    answers: Counter[int] = Counter()
    points = []
    for who in people:
        opened = who.post("/inspections", {"mode": "corrosion"}, key="open").body["inspection_id"]
        path = f"/inspections/{opened}/slots"
        answers.update(answer.status for answer in at_once([partial(who.post, path)] * AT_ONCE))
        points.append(CaptureSlot.objects.filter(inspection=opened).count())
    expected = {201: FREE * len(people), 403: (AT_ONCE - FREE) * len(people)}
    figure = f"{min(points)} to {max(points)} points an account, answers {dict(sorted(answers.items()))}"
    passed = set(points) == {FREE} and answers == expected
    return Result(f"{len(people)} accounts × {AT_ONCE}", figure, f"exactly {FREE}; {expected}", passed)


if __name__ == "__main__":
    main(drill, disable_guard)
