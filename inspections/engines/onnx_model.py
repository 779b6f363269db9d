"""A trained head: an ONNX graph that the calling process runs on one CPU thread."""

import hashlib
import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from inspections.engines.base import Rgb

if TYPE_CHECKING:
    import onnxruntime

# The encoder halves a picture five times.
_MULTIPLE: Final = 32
_PROVIDERS: Final = ["CPUExecutionProvider"]

Floats = NDArray[np.float32]


class Network:
    """Runs one graph file; same pictures, same numbers.

    The session is created by the process that first uses it, never before a fork: threads and arenas do not survive
    one. `digest` is the SHA-256 of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self._session_pid = -1
        self._lock = Lock()
        self._session: onnxruntime.InferenceSession | None = None

    def __call__(self, pictures: Floats) -> tuple[Floats, ...]:
        """Return every output of the graph for pictures of shape (n, 3, height, width), RGB, 0 to 255.

        Height and width must be multiples of 32; see `pad_to_multiple`.
        """
        return tuple(np.asarray(output, np.float32) for output in self._own_session().run(None, {"pictures": pictures}))

    def _own_session(self) -> "onnxruntime.InferenceSession":
        with self._lock:
            if self._session is None or self._session_pid != os.getpid():
                self._session = _session(self._path)
                self._session_pid = os.getpid()
            return self._session


def pad_to_multiple(pixels: Rgb) -> Floats:
    """Return a picture as (3, height, width), mirrored at right and bottom up to the next multiples of 32."""
    height, width = pixels.shape[:2]
    padded = np.pad(pixels, ((0, -height % _MULTIPLE), (0, -width % _MULTIPLE), (0, 0)), mode="symmetric")
    return np.ascontiguousarray(padded.transpose(2, 0, 1), np.float32)


def _session(path: Path) -> "onnxruntime.InferenceSession":
    import onnxruntime  # noqa: PLC0415 - large, and of all processes only those that analyse need it

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.enable_cpu_mem_arena = False  # the arena never releases what one odd picture needed
    return onnxruntime.InferenceSession(path, options, providers=_PROVIDERS)
