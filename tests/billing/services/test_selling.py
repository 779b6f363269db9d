"""Test orders of services: who opens them, at which price, who is notified, and what the owner cannot do with them."""

import pytest

from billing import orders
from billing.ledger import inspection_credits, journal
from billing.models import Order, Product
from billing.provider_registry import PRODUCTS
from billing.services import hooks
from billing.services.hooks import ServiceHooks, register_service
from billing.services.selling import (
    fulfil_service,
    open_service_order,
    release_service_order,
    service_money,
)
from billing.sync import polling
from billing.tasks import sweep_payments
from billing.vocabulary import SERVICES, Account, EntryKind, OrderStatus, ProductCode
from maretech.common.http.errors import Invalid
from testing.deliverer import PRICE, again, buy_service, order_service
from testing.fake_stripe import fee_of
from testing.phone import Phone
from testing.web_purchases import deliver_events
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
APPOINTMENT, LETTER = ProductCode.APPOINTMENT, ProductCode.DOSSIER_BY_POST


def money(order: Order) -> dict[Account, int]:
    found = {account: journal.posted_amount(*EntryKind, order=order, account=account) for account in Account}
    return {account: amount for account, amount in found.items() if amount}


def test_a_paid_service_is_offered_to_its_app_once(owner, fake, app):
    order = buy_service(owner, fake)
    deliver_events(fake, times=3)
    sweep_payments()
    assert (order.status, order.price_minor, order.currency) == (OrderStatus.PAID, PRICE, "EUR")
    assert app.told == [("paid", order.pk)]
    assert money(order) == {
        Account.CASH: PRICE - fee_of(PRICE),
        Account.FEES: fee_of(PRICE),
        Account.DEFERRED_REVENUE: -PRICE,
    }
    assert inspection_credits.balance_of(owner) == inspection_credits.Balance(0, 0)


def test_the_price_of_a_service_is_its_products_or_its_orders(owner, fake, app):
    letter = open_service_order(owner=owner, product_code=LETTER)
    visit = open_service_order(owner=owner, product_code=APPOINTMENT, price_minor=1, currency="PLN")
    assert (letter.price_minor, letter.currency) == (Product.objects.get(code=LETTER).price_minor, "EUR")
    assert (visit.price_minor, visit.currency) == (1, "PLN")


@pytest.mark.parametrize(
    ("code", "price"),
    [
        (APPOINTMENT, {}),
        (APPOINTMENT, {"price_minor": 100}),
        (APPOINTMENT, {"currency": "EUR"}),
        (APPOINTMENT, {"price_minor": 0, "currency": "EUR"}),
        (LETTER, {"price_minor": 100, "currency": "EUR"}),
        (ProductCode.OSMOSIS_INSPECTION, {}),
    ],
)
def test_a_price_that_does_not_belong_there_is_refused(owner, fake, app, code, price):
    with pytest.raises(ValueError, match=r"price|service"):
        open_service_order(owner=owner, product_code=code, **price)
    assert not Order.objects.exists()


def test_a_service_is_not_sold_without_a_provider_without_an_app_or_in_a_currency_without_pages(
    owner, fake, app, settings
):
    with pytest.raises(Invalid):
        open_service_order(owner=owner, product_code=APPOINTMENT, price_minor=100, currency="ISK")
    hooks._hooks.clear()
    with pytest.raises(Invalid):
        open_service_order(owner=owner, product_code=LETTER)
    app.register()
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(Invalid):
        open_service_order(owner=owner, product_code=LETTER)
    assert not Order.objects.exists()


def test_only_a_service_can_be_registered_for(app):
    with pytest.raises(ValueError, match="no service"):
        register_service(ProductCode.OSMOSIS_INSPECTION, ServiceHooks(name="x", paid=lambda _: True))


@pytest.mark.parametrize("code", SERVICES)
def test_an_owner_cannot_order_a_service_by_its_code_alone(phone, fake, app, code):
    refused(phone.post("/checkout/sessions", {"product": code}), 400, "VALIDATION_ERROR")
    assert not Order.objects.exists()


def test_a_service_is_listed_if_an_app_delivers_it_at_a_price_of_its_own(phone, app):
    def codes() -> set[str]:
        return {product["code"] for product in phone.get("/products").json()["products"]}

    assert codes() & set(SERVICES) == {LETTER}
    hooks._hooks.clear()
    assert not codes() & set(SERVICES)


def test_no_app_store_sells_a_service():
    assert not PRODUCTS.one_time & set(SERVICES)


def test_the_page_has_the_name_that_the_app_gave(owner, fake, app):
    order = order_service(owner)
    assert fake.world.get("checkout.session", order.provider_ref)["_name"] == "A appointment"
    hooks._hooks.clear()
    other = orders.open_order(
        owner=owner, product=order.product, provider=order.provider, cause="test", price=(5, "EUR")
    )
    polling.sync_order(other.pk)
    assert fake.world.get("checkout.session", again(other).provider_ref)["_name"] == "Appointment"


def test_the_owner_follows_the_payment_and_cannot_cancel_the_order(owner, phone, stranger, client, fake, app):
    order = order_service(owner)
    for _ in range(2):
        refused(phone.post(f"/orders/{order.pk}/cancel", {}), 409, "ORDER_NOT_CANCELLABLE")
        assert phone.get(f"/orders/{order.pk}").json()["cancellable"] is False
        fake.pay(order.provider_ref) if again(order).status == OrderStatus.PENDING else None
        deliver_events(fake)
    path = f"/checkout/sessions/{order.pk}"
    assert phone.get(path).json()["status"] == "paid"
    refused(Phone.of(stranger).get(path), 404, "NOT_FOUND")
    refused(client.get(f"/v1{path}"), 401, "AUTHENTICATION_REQUIRED")
    assert again(order).status == OrderStatus.PAID


def test_a_released_order_is_closed_with_its_page(owner, fake, app):
    order = order_service(owner)
    assert release_service_order(order.pk)
    assert not release_service_order(order.pk)
    sweep_payments()
    assert again(order).status == OrderStatus.CANCELLED
    assert fake.seen("checkout.session", order.provider_ref)["status"] == "expired"
    assert again(order).look_at is None
    assert app.words_of(order) == ["closed"]


def test_an_order_released_before_its_page_was_opened_leaves_no_open_page(owner, fake, app):
    order = open_service_order(owner=owner, product_code=LETTER)
    release_service_order(order.pk)
    sweep_payments()
    assert [page["status"] for page in fake.world.where("checkout.session")] == ["expired"]
    assert again(order).look_at is None


def test_a_released_order_waits_for_the_provider_to_close_its_page(owner, fake, app):
    order = order_service(owner)
    release_service_order(order.pk)
    fake.down = True
    sweep_payments()
    assert again(order).look_at is not None
    fake.down = False
    orders.poll_soon(order.pk)
    sweep_payments()
    assert fake.seen("checkout.session", order.provider_ref)["status"] == "expired"


def test_a_page_that_expires_tells_the_app(owner, fake, app):
    order = order_service(owner)
    fake.expire(order.provider_ref)
    deliver_events(fake)
    assert (again(order).status, app.words_of(order)) == (OrderStatus.EXPIRED, ["closed"])


@pytest.mark.parametrize("in_time", [True, False])
def test_a_payment_after_the_release_is_taken_or_goes_back(owner, fake, app, in_time):
    order = order_service(owner)
    release_service_order(order.pk)
    app.is_in_time = in_time
    fake.pay(order.provider_ref)
    deliver_events(fake)
    sweep_payments()
    assert again(order).status == (OrderStatus.PAID if in_time else OrderStatus.REFUNDED)
    assert app.words_of(order) == ["closed", "paid", *([] if in_time else ["money_back"])]
    left = PRICE if in_time else 0
    charge = fake.seen("charge", fake.seen("payment_intent", again(order).payment_ref)["latest_charge"])
    assert charge["amount"] - charge["amount_refunded"] == left


def test_a_payment_that_no_app_was_asked_about_is_offered_later(owner, fake, app):
    """The release before took the payment and knew no services."""
    hooks._hooks.clear()
    app.register()
    order = order_service(owner)
    hooks._hooks.clear()
    fake.pay(order.provider_ref)
    deliver_events(fake)
    sweep_payments()
    assert (again(order).status, again(order).accepted_at, app.told) == (OrderStatus.PAID, None, [])
    app.register()
    for _ in range(2):
        sweep_payments()
    assert app.told == [("paid", order.pk)]
    assert again(order).accepted_at is not None


def test_a_delivered_service_is_earned_once(owner, fake, app):
    order = buy_service(owner, fake)
    assert fulfil_service(order.pk, cause="delivered")
    assert fulfil_service(order.pk, cause="delivered again")
    assert again(order).status == OrderStatus.FULFILLED
    assert money(order)[Account.REVENUE] == -PRICE
    assert Account.DEFERRED_REVENUE not in money(order)
    assert service_money(order.pk).is_delivered


def test_a_service_that_is_not_paid_or_not_a_service_is_not_delivered(owner, fake, app):
    order = order_service(owner)
    assert not fulfil_service(order.pk, cause="delivered")
    product = Product.objects.get(code=ProductCode.OSMOSIS_INSPECTION)
    other = orders.open_order(owner=owner, product=product, provider=order.provider, cause="test")
    with pytest.raises(ValueError, match="no service"):
        fulfil_service(other.pk, cause="delivered")


def test_an_app_hears_of_a_dispute_and_of_its_end(owner, fake, app):
    won, lost = buy_service(owner, fake), buy_service(owner, fake)
    for order, is_won in ((won, True), (lost, False)):
        dispute = fake.open_dispute(order.payment_ref)["id"]
        fake.withdraw_funds(dispute)
        deliver_events(fake)
        assert app.words_of(order) == ["paid", "contested"]
        assert service_money(order.pk).status == OrderStatus.DISPUTED
        if is_won:
            fake.reinstate_funds(dispute)
        fake.close_dispute(dispute, won=is_won)
        deliver_events(fake)
    assert app.words_of(won) == ["paid", "contested", "restored"]
    assert app.words_of(lost) == ["paid", "contested", "money_back"]


def test_a_contested_service_is_delivered_and_the_bank_decides_about_its_money(owner, fake, app):
    order = buy_service(owner, fake)
    dispute = fake.open_dispute(order.payment_ref)["id"]
    fake.withdraw_funds(dispute)
    deliver_events(fake)
    assert fulfil_service(order.pk, cause="delivered")
    assert again(order).status == OrderStatus.DISPUTED
    fake.reinstate_funds(dispute)
    fake.close_dispute(dispute, won=True)
    deliver_events(fake)
    assert again(order).status == OrderStatus.FULFILLED
    assert money(order)[Account.REVENUE] == -PRICE
