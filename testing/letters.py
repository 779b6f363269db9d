"""Dossiers by post in tests: the fake Lob, a dossier with real pages, and an address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any, Final

import typst
from django.utils import timezone

from accounts.models import User
from billing.models import Order, RefundRequest
from dossiers.deliveries.letters import due_letters, work_on
from dossiers.models import Delivery
from dossiers.models.deliveries import LETTERS_UNDER_WAY
from testing.dossiers import final_of
from testing.fake_lob import FakeLob
from testing.fake_lob.fake import SENDER
from testing.fake_stripe import FakeStripe
from testing.web_purchases import deliver_events

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


def account_of(fake: FakeLob) -> dict[str, Any]:
    """Return the settings of our account at a fake Lob."""
    return {
        "LETTERS": "fake",
        "LETTER_COUNTRIES": ["US", "DE"],
        "LOB_API_KEY": fake.key,
        "LOB_WEBHOOK_SECRET": fake.webhook_secret,
        "LOB_SENDER": SENDER,
        "LOB_API_BASE": fake.base_url,
        "LOB_TIMEOUT_SECONDS": 5.0,
    }


@contextmanager
def posting(settings: Any) -> Iterator[FakeLob]:
    """Run a fake Lob that holds its events until the test delivers them, with our account there."""
    with FakeLob() as fake:
        for name, value in account_of(fake).items():
            setattr(settings, name, value)
        yield fake


@cache
def pdf_of(pages: int) -> bytes:
    """Return a PDF with this many pages of A4, as the typesetter of dossiers writes it."""
    source = '#set page("a4")\n' + "\n#pagebreak()\n".join(f"Page {number}" for number in range(1, pages + 1))
    return typst.compile(source.encode(), format="pdf", timestamp=0)


def letter_of(owner: User, **changes: Any) -> Delivery:
    """Return a letter of the owner that waits for its payment, as a row."""
    due_at = timezone.now() + timedelta(hours=24)
    own = {} if "dossier" in changes else {"dossier": final_of(owner)}
    return Delivery.objects.create(**({"channel": "post", "address": ADDRESS, "due_at": due_at} | own | changes))


def letter_to(phone: Any, dossier: Any, to: dict[str, Any] = ADDRESS, **more: Any) -> Any:
    """Return the answer to a letter that the owner writes."""
    return phone.post(f"/dossiers/{dossier.pk}/deliveries", {"channel": "post", "to": to}, **more)


def written(phone: Any, owner: User, to: dict[str, Any] = ADDRESS, **changes: Any) -> Delivery:
    """Return a letter with a dossier of two pages that waits for its payment."""
    answer = letter_to(phone, final_of(owner, pdf=pdf_of(2), **changes), to)
    assert answer.status_code == 202, answer.content
    return Delivery.objects.get(pk=answer.json()["delivery_id"])


def checked_out(phone: Any, letter: Delivery) -> Order:
    """Return the order of a letter, with its page open."""
    answer = phone.post(f"/deliveries/{letter.pk}/checkout", {})
    assert answer.status_code in (200, 201), answer.content
    return Order.objects.get(pk=answer.json()["session_id"])


def pay(fake: FakeStripe, order: Order) -> None:
    """Pay by card, and process the events of the payment."""
    since = len(fake.events)
    fake.pay(Order.objects.get(pk=order.pk).provider_ref)
    deliver_events(fake, since=since)


def paid_letter(phone: Any, owner: User, fake: FakeStripe, **changes: Any) -> Delivery:
    letter = written(phone, owner, **changes)
    pay(fake, checked_out(phone, letter))
    letter.refresh_from_db()
    return letter


def work_off(*, later: timedelta = timedelta(0)) -> None:
    """Play the worker of the letters that are due, or will be by then."""
    letters = Delivery.objects.filter(channel="post", status__in=LETTERS_UNDER_WAY)
    if later:
        letters.filter(due_at__lte=timezone.now() + later).update(due_at=timezone.now())
    for delivery_id in due_letters():
        work_on(delivery_id)


def refunds_of(letter: Delivery) -> list[str]:
    """Return the states of the refunds that were requested for a letter."""
    order_id = Delivery.objects.values_list("order_id", flat=True).get(pk=letter.pk)
    if order_id is None:
        return []
    requests = RefundRequest.objects.filter(order_id=order_id)
    return list(requests.order_by("requested_at").values_list("state", flat=True))
