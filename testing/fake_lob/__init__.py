"""A fake Lob on a port of this machine: address checks, letters and signed events, and on demand each failure.

A test compares its answers, and our requests, with the classes of Lob's own library.
"""

from testing.fake_lob.fake import KEY, WEBHOOK_SECRET, FakeLob
from testing.fake_lob.faults import Fault

__all__ = ["KEY", "WEBHOOK_SECRET", "FakeLob", "Fault"]
