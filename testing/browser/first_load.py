"""Measure the first load of the web app on a slow phone: bytes, and seconds until it can be used.

`python -m testing.browser.first_load http://127.0.0.1:8000`: the median of five loads by new browsers, over the "slow
4G" of Lighthouse (1.6 Mbit/s, 150 ms) and on a processor that is four times slower.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from testing.browser.chromium import browser_of

LOADS = 5
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4


def load(page: Page, base_url: str) -> tuple[float, int]:
    """Return the seconds until the sign-in can be typed into, and the bytes that the network brought."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", SLOW_4G)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    received = 0

    def count(event: dict[str, float]) -> None:
        nonlocal received
        received += int(event["encodedDataLength"])

    protocol.on("Network.loadingFinished", count)
    started = time.monotonic()
    page.goto(f"{base_url}/app/", wait_until="commit")
    page.get_by_label("Password", exact=True).fill("typed")
    return time.monotonic() - started, received


def measure(base_url: str) -> None:
    measured = []
    for _ in range(LOADS):
        with tempfile.TemporaryDirectory() as folder, browser_of(Path(folder)) as context:
            measured.append(load(context.pages[0], base_url))
    seconds, received = zip(*measured, strict=True)
    print(f"{statistics.median(seconds):.2f} s (bound 2), {statistics.median(received):.0f} bytes (bound 60000)")  # noqa: T201


if __name__ == "__main__":
    measure(sys.argv[1].rstrip("/"))
