"""Observe a whole manifest in fresh processes that load only the engine."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Final

import cv2
import numpy as np

from evaluation.cost import measure_cost
from evaluation.manifest import Row
from evaluation.observation import Observation, Unreadable, observe, point_of
from inspections.engines.imaging.display_copy import viewing_copy
from inspections.engines.registry import engine_for

_ROWS_PER_MESSAGE: Final = 4
_GREY: Final = np.full((64, 64, 3), 128, np.uint8)


def observe_all(rows: Sequence[Row], *, mode: str, engine: str, processes: int) -> Iterator[Observation | Unreadable]:
    """Yield the result of each row, in row order for any number of processes."""
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=(mode, engine)
    ) as pool:
        yield from pool.map(partial(_observe, mode=mode, engine=engine), rows, chunksize=_ROWS_PER_MESSAGE)


def peak_memory_mb(content: bytes, *, mode: str, engine: str) -> float:
    """Return the peak memory (10^6 bytes) of a process that only examines this one photo."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_prepare, initargs=(mode, engine)) as pool:
        return pool.submit(_peak, content, mode, engine).result()


def _peak(content: bytes, mode: str, engine: str) -> float:
    call = partial(engine_for(mode=mode, name=engine).examine, point_of(content), context={})
    return measure_cost(call)[1].peak_memory_mb


def _prepare(mode: str, engine: str) -> None:
    """Load the engine and run it once, so that no photo bears that cost; each photo gets one core."""
    cv2.setNumThreads(1)
    engine_for(mode=mode, name=engine).examine(point_of(viewing_copy(_GREY)), context={})


def _observe(row: Row, *, mode: str, engine: str) -> Observation | Unreadable:
    try:
        return observe(row, engine_for(mode=mode, name=engine))
    except Exception as error:
        error.add_note(f"while examining {row.file}")
        raise
