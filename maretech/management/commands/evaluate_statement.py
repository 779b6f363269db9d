"""`evaluate_statement`: measure the refiner on written statements, and `--recordings CSV` the transcriber."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dossiers.statement.registry import REFINERS, TRANSCRIBERS
from evaluation.metrics.resampling import Metric
from evaluation.statement.corpus import pairs, statements
from evaluation.statement.refinement import MEANINGS, compute_metrics, refine_all
from evaluation.statement.word_errors import Heard, hear, read_recordings, word_error_rate


class Command(BaseCommand):
    """Prints every metric with its interval; `--json` writes them."""

    help = "Measure what refines statements, and what transcribes recordings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--refiner", choices=REFINERS, default=settings.REFINER)
        parser.add_argument("--transcriber", choices=TRANSCRIBERS, default=settings.TRANSCRIBER)
        parser.add_argument("--recordings", type=Path, metavar="CSV", help="columns: file, voice, language, text")
        parser.add_argument("--json", type=Path, metavar="OUT")

    def handle(self, *args: Any, **options: Any) -> None:
        metrics = self._heard(options) if options["recordings"] else self._refined(options)
        for name, metric in metrics.items():
            shown = (
                "-" if metric is None else f"{metric.value:.3f} ({metric.low:.3f} to {metric.high:.3f}), n={metric.n}"
            )
            self.stdout.write(f"{name}: {shown}" + (f": {MEANINGS[name]}" if name in MEANINGS else ""))
        if options["json"]:
            found = {name: metric and metric.as_json() for name, metric in metrics.items()}
            options["json"].write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")

    def _refined(self, options: dict[str, Any]) -> dict[str, Metric | None]:
        refiner = REFINERS[options["refiner"]]()
        results = refine_all(statements(), refiner)
        self.stdout.write(f"{refiner.name}, {len(results)} statements")
        for result in results:
            for words, what in ((result.missing, "lacks"), (result.added, "adds")):
                if words:
                    self.stdout.write(f"  {result.written.name} {what} {', '.join(words)}")
        return compute_metrics(results, pairs())

    def _heard(self, options: dict[str, Any]) -> dict[str, Metric | None]:
        transcriber = TRANSCRIBERS[options["transcriber"]]()
        try:
            heard = list(hear(read_recordings(options["recordings"]), transcriber))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        cost = sum(one.cpu_seconds for one in heard) / sum(one.seconds for one in heard)
        self.stdout.write(f"{transcriber.name}, {len(heard)} recordings, {cost:.2f} s of processor a second of sound")
        return {"all": word_error_rate(heard), **_by_voice(heard)}


def _by_voice(heard: Sequence[Heard]) -> dict[str, Metric | None]:
    of_voice = sorted(heard, key=lambda one: one.recorded.voice)
    return {voice: word_error_rate(list(own)) for voice, own in groupby(of_voice, key=lambda one: one.recorded.voice)}
