"""`evaluate_trend --manifest PAIRS.csv`: evaluate whether comparisons find real changes and only those."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from corrosion.judgement.verdicts import RULE_VERSION
from evaluation.report.table import table
from evaluation.trend.manifest import BadManifest, Pair, read_pairs
from evaluation.trend.metrics import Metrics, compute_metrics
from evaluation.trend.page import write_report
from evaluation.trend.pair import PairResult, evaluate_pair
from inspections.engines.base import Engine
from inspections.engines.registry import UnknownEngine, engine_for

_SAY_EVERY: Final = 20


class Command(BaseCommand):
    """Prints every metric with its interval; writes them as JSON, and as a page with the worst pairs."""

    help = "Measure comparisons on pairs of photographs with known change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--manifest", type=Path, required=True)
        parser.add_argument("--engine", default=settings.ENGINE, help="stub, classical or trained; else the served one")
        parser.add_argument("--json", type=Path, metavar="OUT")
        parser.add_argument("--report", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pairs = read_pairs(options["manifest"])
            engine = engine_for(mode="corrosion", name=options["engine"])
        except BadManifest as error:
            raise CommandError(str(error)) from error
        except UnknownEngine as error:
            raise CommandError(f"There is no {options['engine']} engine for corrosion.") from error
        facts = {
            "mode": "corrosion",
            "engine": options["engine"],
            "model_version": engine.model_version,
            "rule_version": RULE_VERSION,
            "manifest": str(options["manifest"]),
        }
        results = list(self._evaluate_pairs(pairs, engine))
        metrics = compute_metrics(results)
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            options["json"].write_text(_as_json(facts, results, metrics), encoding="utf-8")
        if options["report"]:
            write_report(results, metrics, facts=facts, predictor=engine, folder=options["report"])
        unreadable = [result for result in results if result.unreadable]
        self.stdout.write(f"corrosion, {options['engine']} ({engine.model_version}), {len(results)} pairs")
        self.stdout.write(f"{len(unreadable)} unreadable pairs, counted as not comparable")
        for result in unreadable:
            self.stdout.write(f"  {result.pair.before.name}, {result.pair.after.name}: {result.unreadable}")
        self.stdout.write(table(metrics))

    def _evaluate_pairs(self, pairs: Sequence[Pair], engine: Engine) -> Iterator[PairResult]:
        for done, pair in enumerate(pairs, start=1):
            yield evaluate_pair(pair, predictor=engine)
            if done % _SAY_EVERY == 0 or done == len(pairs):
                self.stderr.write(f"{done} of {len(pairs)} pairs", style_func=str)


def _as_json(facts: dict[str, str], results: Sequence[PairResult], metrics: Metrics) -> str:
    """Flat keys: what was evaluated, then each metric as {"value", "low", "high", "n"} or null."""
    fields = {**facts, "pairs": len(results), **{key: metric and metric.as_json() for key, metric in metrics.items()}}
    return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"
