"""`evaluate_engine --mode M --manifest M.csv`: evaluate an engine on photographs with known truth."""

from argparse import ArgumentTypeError
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.manifest import MODES, BadManifest, Row, read_manifest
from evaluation.outcome import Outcome, Subject, outcome_of
from evaluation.parallel import observe_all
from evaluation.report.page import write_report
from evaluation.report.table import table
from inspections.engines.base import Engine
from inspections.engines.registry import UnknownEngine, engine_for

_Item = TypeVar("_Item")

_SPLITS: Final = ("train", "calibration", "validation", "all")
_SAY_EVERY: Final = 50


class Command(BaseCommand):
    """Prints every metric with its interval; writes them as JSON, and as a page with the notable photos."""

    help = "Measure an engine on a manifest of photographs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mode", choices=MODES, required=True)
        parser.add_argument("--manifest", type=Path, required=True)
        parser.add_argument("--engine", default=settings.ENGINE, help="stub, classical or trained; else the served one")
        parser.add_argument("--split", choices=_SPLITS, default="all", help="the part of the manifest's column split")
        parser.add_argument("--json", type=Path, metavar="OUT")
        parser.add_argument("--report", type=Path, metavar="DIR")
        parser.add_argument("--processes", type=_at_least_one, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        rows = self._rows(options)
        engine = _engine(options)
        subject = Subject(
            mode=options["mode"],
            engine=options["engine"],
            model_version=engine.model_version,
            manifest=str(options["manifest"]),
            split=options["split"],
        )
        observing = observe_all(rows, mode=subject.mode, engine=subject.engine, processes=options["processes"])
        outcome = outcome_of(subject, self._counted(observing, of=len(rows)))
        self._write(outcome, engine, options)
        self.stdout.write(_summary(outcome))

    def _rows(self, options: dict[str, Any]) -> list[Row]:
        try:
            return read_manifest(options["manifest"], mode=options["mode"], split=options["split"])
        except BadManifest as error:
            raise CommandError(str(error)) from error

    def _counted(self, items: Iterable[_Item], *, of: int) -> Iterator[_Item]:
        for done, item in enumerate(items, start=1):
            if done % _SAY_EVERY == 0 or done == of:
                self.stderr.write(f"{done} of {of} photos", style_func=str)
            yield item

    def _write(self, outcome: Outcome, engine: Engine, options: dict[str, Any]) -> None:
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            options["json"].write_text(outcome.as_json(), encoding="utf-8")
        if options["report"]:
            self.stderr.write("writing the report", style_func=str)
            write_report(outcome, engine, options["report"])


def _engine(options: dict[str, Any]) -> Engine:
    try:
        return engine_for(mode=options["mode"], name=options["engine"])
    except UnknownEngine as error:
        raise CommandError(f"There is no {options['engine']} engine for {options['mode']}.") from error


def _summary(outcome: Outcome) -> str:
    subject = outcome.subject
    photos = f"{len(outcome.observations)} photos of {outcome.source_images} source pictures"
    lines = [
        f"{subject.mode}, {subject.engine} ({subject.model_version})",
        f"{photos}, {len(outcome.unreadable)} unreadable files",
        *(f"  {each.file}: {each.reason}" for each in outcome.unreadable),
        table(outcome.metrics),
    ]
    return "\n".join(lines)


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError("at least one process is needed")
    return int(text)
