"""The worker and scheduler processes. Messages are hints: the database holds the work to do."""

import ctypes
import gc
import os
from importlib import import_module
from typing import Any, Final

from celery import Celery, Task
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from inspections.engines.registry import serve_engines
from maretech.common.work import broker

# malloc.h of glibc
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
# What tasks import when they run, with the libraries that read pixels; web processes and the scheduler do not load it.
_USED_BY_TASKS: Final = (
    *("corrosion.comparison.compute", "corrosion.ghosts.framing_check"),
    *("dossiers.drafts.refining", "dossiers.lifecycle.rendering", "dossiers.recordings.transcription"),
    *("inspections.work.analysis", "inspections.work.photo_check"),
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maretech.settings")


class OutOfMemory(Exception):
    """A task ran out of memory. Only that task fails."""


class SparingTask(Task):  # type: ignore[type-arg]
    """Turns a `MemoryError` into a task failure: Celery would end the whole worker because of one too large picture."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().__call__(*args, **kwargs)
        except MemoryError as exc:
            raise OutOfMemory(str(exc)) from exc


broker.install()
app = Celery("maretech", task_cls=SparingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone if this signal has a receiver; the settings have configured logging."""


@worker_init.connect
@beat_init.connect
def refuse_privileged_role(**_: Any) -> None:
    from maretech import checks  # noqa: PLC0415 - needs the settings, which this module is loaded for

    try:
        checks.refuse_privileged_role()
    except ImproperlyConfigured as exc:
        raise SystemExit(str(exc)) from exc  # Celery continues after any other exception of a receiver


@worker_init.connect
def share_memory_with_children(**_: Any) -> None:
    """Load what tasks need before the children start, which share it, and exempt it from collection.

    A collection writes to each object, and so copies it into each process.
    """
    try:
        for name in _USED_BY_TASKS:
            import_module(name)
        serve_engines(settings.ENGINE)
    except Exception as exc:  # such as missing weights: every analysis would fail
        raise SystemExit(f"ENGINE={settings.ENGINE} cannot be loaded: {exc!r}") from exc
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def prepare_process(**_: Any) -> None:
    """Limit an analysis to one core, in OpenCV and in the networks: parallel analyses run in more processes.

    Also keep the process small: by default glibc holds on to some 100 MB between two pictures.
    """
    import cv2  # noqa: PLC0415 - the web loads this module too and never needs it

    cv2.setNumThreads(1)
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # glibc
        libc.mallopt(_M_MMAP_THRESHOLD, 4 * 1024 * 1024)
        libc.mallopt(_M_TRIM_THRESHOLD, 16 * 1024 * 1024)
