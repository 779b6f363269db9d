"""The fake Stripe as a process: `python -m testing.fake_stripe --port 12111 --webhook-url http://…`.

It prints its address and runs until it is stopped.
"""

import argparse
import sys
import threading
from contextlib import suppress

from testing.fake_stripe.fake import FakeStripe


def main() -> None:
    parser = argparse.ArgumentParser(prog="testing.fake_stripe", description="A fake Stripe on this machine.")
    parser.add_argument("--port", type=int, default=0, help="0, the default, is any free one")
    parser.add_argument("--webhook-url", help="where events are sent; nowhere if there is none")
    parser.add_argument("--secret-key", default="sk_test_fake")
    parser.add_argument("--webhook-secret", default="whsec_fake")
    parser.add_argument("--retries", type=int, default=0, help="how often an event that was not taken is sent again")
    parser.add_argument("--no-auto-deliver", dest="auto_deliver", action="store_false")
    with FakeStripe(**vars(parser.parse_args())) as fake, suppress(KeyboardInterrupt):
        sys.stdout.write(f"{fake.base_url}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
