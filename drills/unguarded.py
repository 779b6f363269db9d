"""The settings of a drill's server in a control run: the same, and one guard less."""

from maretech.settings import *  # noqa: F403
from maretech.settings import INSTALLED_APPS as _GUARDED

INSTALLED_APPS = [*_GUARDED, "drills.apps.UnguardedConfig"]
