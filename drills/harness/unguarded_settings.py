"""The settings of a drill's changed server: the normal ones, and one more app that makes the change."""

from maretech.settings import *  # noqa: F403
from maretech.settings import INSTALLED_APPS as _GUARDED

INSTALLED_APPS = [*_GUARDED, "drills.harness.apps.UnguardedConfig"]
