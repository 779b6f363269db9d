"""`evaluate_speed --mode M`: measure the cost of an analysis beside the decoding of its photo."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from evaluation.manifest import MODES
from evaluation.parallel import peak_memory_mb
from evaluation.speed import measure_costs, phone_photo
from inspections.engines.imaging.decode import UnreadableImage
from inspections.engines.registry import UnknownEngine, engine_for


class Command(BaseCommand):
    """Prints processor times, their ratios to the full decode, which hold on any machine, and peak memory."""

    help = "Measure the cost of an engine on one 12-megapixel photo, relative to a full decode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mode", choices=MODES, required=True)
        parser.add_argument("--engine", default=settings.ENGINE)
        parser.add_argument("--photo", type=Path, help="a phone's photo; the default is a drawn one")
        parser.add_argument("--kind", choices=("jpeg", "heic"), default="jpeg", help="format of the drawn photo")
        parser.add_argument("--rounds", type=int, default=9)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            engine = engine_for(mode=options["mode"], name=options["engine"])
            content = options["photo"].read_bytes() if options["photo"] else phone_photo(options["kind"])
            spent = measure_costs(content, engine, rounds=options["rounds"])
            memory = peak_memory_mb(content, mode=options["mode"], engine=options["engine"])
        except (UnknownEngine, UnreadableImage, OSError) as error:
            raise CommandError(f"The measurement failed: {error}") from error
        for name, each in spent.items():
            ratio = each.median_ms / spent["full_decode"].median_ms
            times = f"{each.median_ms:8.1f} ms, p95 {each.p95_ms:7.1f}"
            self.stdout.write(f"{name:>14} {times}  {ratio:5.2f} of the full decode")
        self.stdout.write(f"peak memory of a process that only analyses: {memory:.0f} MB")
