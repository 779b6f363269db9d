"""`sweep_jobs`: run the scheduler's job sweep once, by hand."""

from typing import Any

from django.core.management.base import BaseCommand

from inspections.tasks import send_due


class Command(BaseCommand):
    """Recovers lost jobs, ends overdue inspections, sends work that has no message, and prints the counts."""

    help = "Run the job sweep once and print the counts."

    def handle(self, *args: Any, **options: Any) -> None:
        due = send_due()
        self.stdout.write(f"{due.recovered} job(s) recovered from lost workers")
        self.stdout.write(f"{due.expired} inspection(s) ended as expired")
        self.stdout.write(f"{len(due.jobs)} analysis job(s) sent{_listed(due.jobs)}")
        self.stdout.write(f"{len(due.photos)} photo check(s) sent{_listed(due.photos)}")


def _listed(ids: list[Any]) -> str:
    return "".join(f"\n  {row_id}" for row_id in ids)
