import os

from django.apps import AppConfig
from django.utils.module_loading import import_string


class UnguardedConfig(AppConfig):
    """Takes the guard away that `DRILL_WITHOUT` names, for as long as the process lives."""

    name = "drills"

    def ready(self) -> None:
        import_string(os.environ["DRILL_WITHOUT"])().__enter__()
