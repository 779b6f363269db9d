import os
from contextlib import ExitStack

from django.apps import AppConfig
from django.utils.module_loading import import_string


class UnguardedConfig(AppConfig):
    """Changes what `DRILL_WITH` names, and takes the guard away that `DRILL_WITHOUT` names, for as long as the
    process lives."""

    name = "drills"

    def ready(self) -> None:
        # Kept: what is a generator ends, and puts everything back, once nobody holds it.
        self.changes = ExitStack()
        for change in ("DRILL_WITH", "DRILL_WITHOUT"):
            if change in os.environ:
                self.changes.enter_context(import_string(os.environ[change])())
