"""The worker and scheduler processes. Messages are hints: what is to be done stands in the database."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import beat_init, setup_logging, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

from maretech.common.work import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maretech.settings")


class OutOfMemory(Exception):
    """A task ran out of memory: the failure of that one task."""


class SparingTask(Task):  # type: ignore[type-arg]
    """Celery ends the whole worker when a `MemoryError` reaches it; one too large picture is no reason to."""

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
    """Celery leaves logging alone when somebody listens here; the settings have configured it."""


@worker_init.connect
@beat_init.connect
def refuse_mighty_role(**_: Any) -> None:
    from maretech import checks  # noqa: PLC0415 - needs the settings, which this module is loaded for

    try:
        checks.refuse_mighty_role()
    except ImproperlyConfigured as exc:
        raise SystemExit(str(exc)) from exc  # a signal's receiver may raise anything else and nobody would stop


@worker_process_init.connect
def one_thread(**_: Any) -> None:
    """An analysis keeps to one core, in OpenCV as in the networks: more analyses at once are more processes."""
    import cv2  # noqa: PLC0415 - the web, which loads this module too, never needs it

    cv2.setNumThreads(1)
