import os
from contextlib import ExitStack

from django.apps import AppConfig
from django.utils.module_loading import import_string


class UnguardedConfig(AppConfig):
    """Apply the change named in `DRILL_WITH` and remove the guard named in `DRILL_WITHOUT`, until the process ends."""

    name = "drills.harness"

    def ready(self) -> None:
        # Keep a reference: a generator without one is closed, and closing it restores everything.
        self.changes = ExitStack()
        for change in ("DRILL_WITH", "DRILL_WITHOUT"):
            if change in os.environ:
                self.changes.enter_context(import_string(os.environ[change])())
