"""Test the browser's landing page after the fake Stripe's page: it exists, and says what happened."""

import urllib.error
import urllib.parse
import urllib.request

import pytest

from billing.catalogue.products import add_version
from testing.phone import caller
from testing.web_purchases import buy, deliver_events, order_of, selling
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Return the redirect as a request without following it: the test does that."""


def lands_on(url: str, how: str) -> str:
    """Return the address to which the page sends a buyer's browser."""
    opener = urllib.request.build_opener(_Stays)
    with pytest.raises(urllib.error.HTTPError) as sent:
        opener.open(url, urllib.parse.urlencode({"how": how}).encode())
    assert sent.value.code == 303
    return str(sent.value.headers["Location"])


def shown(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    answer = caller().get(f"{parts.path}?{parts.query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    return answer.content.decode()


@pytest.mark.parametrize(("how", "words"), [("card", ["Thank you", "49.00 EUR", "paid"]), ("cancel", ["Not paid"])])
def test_the_return_page_shows_the_outcome(settings, phone, how, words):
    with selling(settings) as fake:
        page = buy(phone)
        url = lands_on(page["url"], how)
        deliver_events(fake)
        text = shown(url)
    assert [word for word in words if word not in text] == []
    assert (str(order_of(page).pk) in text) == (how == "card")
    assert phone.owner.email not in text


@pytest.mark.parametrize("query", ["", "?session=", "?session=cs_unknown", "?session=%00"])
def test_an_unknown_checkout_page_shows_nothing(query):
    assert "Order" not in caller().get(f"/checkout/paid{query}").content.decode()


def test_there_are_two_return_pages_and_none_in_production(settings):
    refused(caller().get("/checkout/other"), 404, "NOT_FOUND")
    settings.PRODUCTION = True
    refused(caller().get("/checkout/paid"), 404, "NOT_FOUND")


@pytest.mark.parametrize("currency", ["ISK", "UGX", "MGA", "KWD"])
def test_a_currency_with_other_minor_units_at_stripe_is_not_sold(settings, phone, currency):
    add_version("osmosis_inspection", {"currency": currency})
    with selling(settings):
        refused(phone.post("/checkout/sessions", {"product": "osmosis_inspection"}), 400, "VALIDATION_ERROR")


def test_a_currency_without_minor_units_is_charged_in_whole_units(settings, phone):
    add_version("osmosis_inspection", {"currency": "JPY", "price_minor": 7000})
    with selling(settings) as fake:
        page = buy(phone)
        with urllib.request.urlopen(page["url"]) as answer:
            assert "7000 JPY" in answer.read().decode()
        fake.pay(order_of(page).provider_ref)
        deliver_events(fake)
    assert (order_of(page).status, order_of(page).price_minor) == ("paid", 7000)
