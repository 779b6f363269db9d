"""Fake push services for tests, drills and the demo. Plain Python: they know nothing of this project."""

from testing.fake_push.browser import Browser
from testing.fake_push.fake import FakePush
from testing.fake_push.faults import Fault
from testing.fake_push.fcm import PROJECT

__all__ = ["PROJECT", "Browser", "FakePush", "Fault"]
