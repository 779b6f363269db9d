"""`explain_inspection ID`: explain why an inspection waits."""

import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspections.support.explain import explain, explainable_inspections


class Command(BaseCommand):
    """Prints the state of an inspection, its next automatic step, and the actions of staff."""

    help = "Explain the state of an inspection, its next step, and what staff can do."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("inspection_id", type=uuid.UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        inspection = explainable_inspections().filter(pk=options["inspection_id"]).first()
        if inspection is None:
            raise CommandError(f"There is no inspection {options['inspection_id']}. A deletion soon removes the rows.")
        heading = f"{inspection.mode} inspection {inspection.pk} of {inspection.owner}: {inspection.status}"
        self.stdout.write("\n".join([heading, *explain(inspection).lines()]))
