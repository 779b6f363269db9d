"""The fakes of `make serve` in one process: `python -m testing.fake_services '{"stripe": {"port": 12111}}'`.

Takes what each fake is made with, by its name. Prints their addresses and runs until it is stopped.
"""

import json
import sys
import threading
from contextlib import ExitStack, suppress
from typing import Any, Final

from testing.fake_lob import FakeLob
from testing.fake_stripe import FakeStripe

FAKES: Final[dict[str, Any]] = {"lob": FakeLob, "stripe": FakeStripe}


def main(options: str) -> None:
    with ExitStack() as running, suppress(KeyboardInterrupt):
        for name, made_with in json.loads(options).items():
            fake = running.enter_context(FAKES[name](**made_with))
            sys.stdout.write(f"fake {name}: {fake.base_url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
