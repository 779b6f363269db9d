"""`evaluate_speed --mode M`: how much does an analysis cost beside decoding its photo?"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from inspections.engines.imaging.decode import UnreadableImage
from inspections.engines.registry import UnknownEngine, engine_for
from inspections.evaluation.manifest import MODES
from inspections.evaluation.speed import milliseconds, phone_photo


class Command(BaseCommand):
    """Prints processor times, and their ratios to the full decode, which hold on any machine."""

    help = "Measure an engine's processor time on one 12-megapixel photo, against a full OpenCV decode of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mode", choices=MODES, required=True)
        parser.add_argument("--engine", default=settings.ENGINE)
        parser.add_argument("--photo", type=Path, help="a JPEG of a phone; else one is drawn")
        parser.add_argument("--rounds", type=int, default=9)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            engine = engine_for(mode=options["mode"], name=options["engine"])
            content = options["photo"].read_bytes() if options["photo"] else phone_photo()
            spent = milliseconds(content, engine, rounds=options["rounds"])
        except (UnknownEngine, UnreadableImage, OSError) as error:
            raise CommandError(f"That cannot be measured: {error}") from error
        for name, time in spent.items():
            self.stdout.write(f"{name:>14} {time:8.1f} ms  {time / spent['full_decode']:5.2f} of the full decode")
