"""The settings of a drill's server whose inside is changed: the same, and one app more that changes it."""

from maretech.settings import *  # noqa: F403
from maretech.settings import INSTALLED_APPS as _GUARDED

INSTALLED_APPS = [*_GUARDED, "drills.apps.UnguardedConfig"]
