"""Run inspections through every event in random order, and compare each with a model of a dozen lines (hypothesis).

Uses `testing.lifecycle_model` with new draws each time; the tests draw the same few lives every time. Everything
happens in this process and is rolled back: other drills test races between processes.

Control: a final failure gives nothing back.
"""

from contextlib import AbstractContextManager
from typing import Final
from unittest.mock import patch

from django.test import override_settings
from hypothesis import Phase

from drills.harness.runner import DrillContext, Result, main
from testing.lifecycle_model import STEPS, FreeLife, PaidLife, live

MODES: Final = (PaidLife, FreeLife)


def disable_guard() -> AbstractContextManager[object]:
    return patch("inspections.lifecycle.failures._settle", lambda _: None)


def drill(context: DrillContext) -> Result:
    lives = 5 if context.small else 20 if context.control else 60
    faults = []
    for life in MODES:
        try:
            with override_settings(ALLOWED_HOSTS=["testserver"]):  # through which the tests' phone calls
                live(life, lives=lives, derandomize=False, phases=(Phase.generate,), report_multiple_bugs=False)
        except AssertionError as fault:  # any other exception is no answer, and ends the drill
            faults.append(f"{life.__name__}: {(str(fault) or 'not where it should').splitlines()[0]}")
    figure = f"{len(faults)} of {len(MODES)} kinds of life went otherwise" + (f" ({faults[0]})" if faults else "")
    n = f"{len(MODES)} × {lives} lives of up to {STEPS} steps"
    return Result(n, figure, "as the model says", not faults)


if __name__ == "__main__":
    main(drill, disable_guard, served=False)
