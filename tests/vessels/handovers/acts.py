"""Play a handover: offer, let the worker mail the codes, confirm as both parties, and dispute."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core import mail
from django.utils import timezone

from accounts.models import User
from billing import orders
from billing.ledger import inspection_credits
from billing.models import Order
from billing.vocabulary import ProductCode, Provider
from testing.factories import UserFactory
from testing.phone import Phone
from tests.accounts.mailed_codes import code_in
from vessels.handovers import codes, disputes
from vessels.models import Handover, Vessel
from vessels.tasks import sweep_handovers

REASON = "The boat is not the one that was promised."


def verified(**fields: Any) -> Phone:
    """Return the phone of an owner with a proven address."""
    return Phone.of(UserFactory.create(email_verified_at=timezone.now(), **fields))


def offer(seller: Phone, vessel_id: Any, to_email: str, **more: Any) -> dict[str, Any]:
    return seller.send(f"/vessels/{vessel_id}/handovers", {"to_email": to_email, **more})


def mail_codes(handover_id: Any) -> dict[str, str]:
    """Play the worker; return the codes by the address that got them."""
    before = len(mail.outbox)
    for code_id in codes.codes_of(UUID(str(handover_id))):
        codes.send_code(code_id)
    return {message.to[0]: code_in(message) for message in mail.outbox[before:] if "code" in message.subject}


def confirm(phone: Phone, handover_id: Any, code: str) -> Any:
    return phone.post(f"/handovers/{handover_id}/confirm", {"code": code})


def offered(seller: Phone, buyer: Phone, vessel_id: Any, **more: Any) -> tuple[str, dict[str, str]]:
    """Offer the vessel, and return the handover's id with both codes."""
    handover_id = offer(seller, vessel_id, buyer.owner.email, **more)["handover_id"]
    return handover_id, mail_codes(handover_id)


def hand_over(seller: Phone, buyer: Phone, vessel_id: Any, **more: Any) -> str:
    """Hand the vessel over; return the handover's id."""
    handover_id, mailed = offered(seller, buyer, vessel_id, **more)
    for phone in (seller, buyer):
        answer = confirm(phone, handover_id, mailed[phone.owner.email])
        assert answer.status_code == 200, answer.content
    assert answer.json()["status"] == "completed"
    return handover_id


def dispute(phone: Phone, handover_id: Any) -> dict[str, Any]:
    return phone.send(f"/handovers/{handover_id}/dispute", {"reason": REASON})


def decide(handover_id: Any, *, reverse: bool) -> Handover:
    staff = UserFactory.create(is_staff=True)
    rule = disputes.reverse_handover if reverse else disputes.keep_completed
    return rule(staff=staff, handover_id=UUID(str(handover_id)), reason="looked at the papers")


def reverse(seller: Phone, buyer: Phone, handover_id: Any) -> None:
    dispute(buyer, handover_id)
    decide(handover_id, reverse=True)


def vessel_of(phone: Phone, name: str = "Tern", **details: Any) -> Vessel:
    return Vessel.objects.get(pk=phone.add_vessel(name, **details)["vessel_id"])


def handover(handover_id: Any) -> Handover:
    return Handover.objects.get(pk=handover_id)


def expire(handover_id: Any) -> None:
    Handover.objects.filter(pk=handover_id).update(expires_at=timezone.now() - timedelta(seconds=1))


def sweep() -> None:
    sweep_handovers()


def buy_credit(owner: User, *, ago: timedelta = timedelta(days=3)) -> Order:
    """Buy a credit, by default past its refund window."""
    purchase = orders.Purchase(Provider.MOCK, str(uuid4()), ProductCode.OSMOSIS_INSPECTION)
    order = orders.record_purchase(owner=owner, purchase=purchase, cause="test")
    assert order is not None
    Order.objects.filter(pk=order.pk).update(paid_at=timezone.now() - ago)
    return order


def credits(*phones: Phone) -> tuple[int, ...]:
    return tuple(inspection_credits.balance_of(phone.owner).available for phone in phones)
