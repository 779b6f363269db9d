"""The fake Lob as a process: `python -m testing.fake_lob --port 12112 --webhook-url http://…`.

It prints its address and runs until it is stopped.
"""

import argparse
import sys
import threading
from contextlib import suppress

from testing.fake_lob.fake import KEY, WEBHOOK_SECRET, FakeLob


def main() -> None:
    parser = argparse.ArgumentParser(prog="testing.fake_lob", description="A fake Lob on this machine. Prints nothing.")
    parser.add_argument("--port", type=int, default=0, help="0, the default, is any free one")
    parser.add_argument("--webhook-url", help="where events are sent; nowhere if there is none")
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--webhook-secret", default=WEBHOOK_SECRET)
    parser.add_argument(
        "--seconds-between-events", type=float, default=20.0, help="how fast a letter travels; 0: it stays"
    )
    with FakeLob(**vars(parser.parse_args())) as fake, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{fake.base_url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
