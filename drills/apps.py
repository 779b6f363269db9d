import os

from django.apps import AppConfig
from django.utils.module_loading import import_string


class UnguardedConfig(AppConfig):
    """Changes what `DRILL_WITH` names, and takes the guard away that `DRILL_WITHOUT` names, for as long as the
    process lives."""

    name = "drills"

    def ready(self) -> None:
        for change in ("DRILL_WITH", "DRILL_WITHOUT"):
            if change in os.environ:
                import_string(os.environ[change])().__enter__()
