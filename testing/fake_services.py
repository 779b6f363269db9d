"""The fakes of `make serve`, in one process.

By hand: `python -m testing.fake_services '{"stripe": {"port": 12111}}'`.
"""

import json
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from typing import Any, Final

from testing.fake_lob import FakeLob
from testing.fake_stripe import FakeStripe

FAKES: Final[dict[str, Any]] = {"lob": FakeLob, "stripe": FakeStripe}


def serve_fakes(options: Mapping[str, Mapping[str, Any]]) -> None:
    """Run until stopped. Takes what each fake is made with, by its name; prints their addresses."""
    with ExitStack() as running, suppress(KeyboardInterrupt):
        for name, made_with in options.items():
            fake = running.enter_context(FAKES[name](**made_with))
            sys.stdout.write(f"fake {name}: {fake.base_url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    serve_fakes(json.loads(sys.argv[1]))
