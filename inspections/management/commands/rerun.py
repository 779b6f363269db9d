"""`rerun --engine X --inspections ID … | --all-completed`: compare a new model before its acceptance."""

import uuid
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspections.engines.registry import UnknownEngine
from inspections.support.shadow_report import ShadowReport
from inspections.vocabulary import Mode
from inspections.work.shadow import Outcome, Rerun, completed_inspections, rerun

FAILURES = (Outcome.UNREADABLE, Outcome.FAILED)
REPORTED = (Outcome.STORED, Outcome.ALREADY_STORED)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError("must be a whole number")
    return int(text)


class Command(BaseCommand):
    """Analyses completed inspections again from their frozen evidence, and reports what would change.

    Does not change owners' data. Results that this model version gave before are only reported, unless `--again` is
    set.
    """

    help = "Analyse inspections again with another engine, and report what would change. Results stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", required=True, help="its name, as in the setting ENGINE")
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--inspections", nargs="+", type=uuid.UUID, metavar="ID")
        chosen.add_argument("--all-completed", action="store_true", help="all completed inspections, newest first")
        parser.add_argument("--mode", choices=Mode.values(), help="with --all-completed: only this mode")
        parser.add_argument("--limit", type=_count, help="with --all-completed: at most this many")
        parser.add_argument("--again", action="store_true", help="replace earlier answers of the same model version")
        parser.add_argument("--report", type=Path, metavar="DIR", help="write index.html and two CSV files there")

    def handle(self, *args: Any, **options: Any) -> None:
        ids = options["inspections"] or completed_inspections(mode=options["mode"], limit=options["limit"])
        report, failed = ShadowReport(), 0
        for inspection_id in dict.fromkeys(ids):
            done = self._rerun(inspection_id, options["engine"], again=options["again"])
            failed += done.outcome in FAILURES
            if done.answers is not None:
                report.add(*done.answers)
        self.stdout.write("\n".join(report.lines()))
        if options["report"] is not None:
            report.write(options["report"])
        if failed:
            raise CommandError(f"{failed} inspection(s) could not be analysed again; see above.")

    def _rerun(self, inspection_id: uuid.UUID, engine_name: str, *, again: bool) -> Rerun:
        try:
            done = rerun(inspection_id, engine_name=engine_name, again=again)
        except UnknownEngine as unknown:
            raise CommandError(f"There is no such engine: {unknown}") from None
        if done.outcome not in REPORTED:
            self.stdout.write(f"{inspection_id}: {done.outcome}{f' ({done.note})' if done.note else ''}")
        return done
