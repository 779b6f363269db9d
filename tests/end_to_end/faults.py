"""Submit one inspection for each fault and report the outcome of its one attempt.

Run by `manage.py shell` beside a worker. Prints `fault outcome error` a line.
"""

import time

from inspections.models import JobAttempt
from inspections.tasks import send_due
from testing.factories import UserFactory
from testing.phone import Phone
from tests.end_to_end.faulty_worker import FAULTS

SECONDS = 150
CASES = (*FAULTS, "nothing")


def submit(phone: Phone, fault: str) -> str:
    opened = phone.open(capture_context={"region_text": fault})
    phone.shoot(opened["uploads"])
    answer = phone.post(f"/inspections/{opened['inspection_id']}/submit")
    assert answer.status_code == 202, answer.content
    return str(opened["inspection_id"])


def report() -> None:
    phone = Phone.of(UserFactory.create())
    phone.subscribe()
    inspections = {submit(phone, fault): fault for fault in CASES}
    deadline = time.monotonic() + SECONDS
    while JobAttempt.objects.exclude(ended_at=None).count() < len(CASES) and time.monotonic() < deadline:
        send_due()  # the scheduler's part
        time.sleep(0.5)
    for attempt in JobAttempt.objects.select_related("job"):
        print(inspections[str(attempt.job.inspection_id)], attempt.outcome, attempt.error.partition(":")[0])  # noqa: T201


report()
