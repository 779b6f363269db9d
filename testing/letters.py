"""Dossiers by post in tests: the fake Lob, a dossier with real pages, and an address."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import typst

from testing.fake_lob import FakeLob
from testing.fake_lob.fake import SENDER

ADDRESS: Final[dict[str, Any]] = {
    "name": "Harbour Survey",
    "lines": ["210 King St", "Suite 6100"],
    "postal_code": "94107",
    "city": "San Francisco",
    "state": "CA",
    "country": "US",
}
ABROAD: Final[dict[str, Any]] = {
    "name": "Gutachten Nord",
    "lines": ["Am Hafen 7"],
    "postal_code": "24103",
    "city": "Kiel",
    "country": "DE",
}


@contextmanager
def posting(settings: Any) -> Iterator[FakeLob]:
    """Run a fake Lob that holds its events until the test delivers them, with our account there."""
    with FakeLob() as fake:
        settings.LETTERS, settings.LETTER_COUNTRIES = "fake", ["US", "DE"]
        settings.LOB_API_KEY, settings.LOB_WEBHOOK_SECRET = fake.key, fake.webhook_secret
        settings.LOB_SENDER, settings.LOB_API_BASE, settings.LOB_TIMEOUT_SECONDS = SENDER, fake.base_url, 5.0
        yield fake


@cache
def pdf_of(pages: int) -> bytes:
    """Return a PDF with this many pages of A4, as the typesetter of dossiers writes it."""
    source = '#set page("a4")\n' + "\n#pagebreak()\n".join(f"Page {number}" for number in range(1, pages + 1))
    return typst.compile(source.encode(), format="pdf", timestamp=0)
