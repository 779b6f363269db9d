"""Run the stub engine at the pace of a real one, so that a drill can catch a worker during an analysis.

The owner's note on the place gives the seconds it takes, or is "poison", which kills the worker.
"""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final
from unittest.mock import patch

from inspections.engines.base import Engine
from inspections.engines.findings import Point, PointFinding
from inspections.engines.stub import StubEngine

POISON: Final = "poison"
SECONDS: Final = "DRILL_ENGINE_SECONDS"


class SlowEngine(StubEngine):
    def examine(self, point: Point, *, context: Mapping[str, str]) -> PointFinding:
        if context.get("region_text") == POISON:
            os.kill(os.getpid(), signal.SIGKILL)  # as the system does to the largest process when memory runs out
        time.sleep(float(context.get("region_text") or os.environ.get(SECONDS, "0")))
        return super().examine(point, context=context)


def at_work() -> AbstractContextManager[object]:
    """Replace every engine that analyses."""
    return patch("inspections.work.analysis.engine_for", _engine_for)


def _engine_for(*, mode: str, name: str) -> Engine:
    return SlowEngine(mode)
