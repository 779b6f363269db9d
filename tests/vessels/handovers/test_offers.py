"""Test offers of a vessel: to whom, what they lock, and how they end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from inspections.models import Inspection
from notifications.models import Notification
from testing.factories import InspectionFactory, UserFactory, VesselFactory
from testing.phone import Phone
from tests.contract.refusals import refused
from tests.vessels.handovers.acts import (
    confirm,
    expire,
    hand_over,
    handover,
    mail_codes,
    offer,
    offered,
    sweep,
    verified,
    vessel_of,
)
from vessels.models import Handover, Vessel

pytestmark = pytest.mark.django_db


@pytest.fixture
def vessel(seller) -> Vessel:
    return vessel_of(seller, "Tern")


def path_of(vessel: Vessel) -> str:
    return f"/vessels/{vessel.pk}/handovers"


def kinds_of(phone: Phone) -> list[str]:
    return sorted(Notification.objects.filter(recipient=phone.owner).values_list("kind", flat=True))


def test_an_offer_has_its_vessel_price_and_end(seller, buyer, vessel):
    answer = seller.post(path_of(vessel), {"to_email": " Buyer@Example.org ", "credits": 2})
    assert answer.status_code == 201
    body = answer.json()
    expected = {
        "role": "seller",
        "status": "initiated",
        "vessel_id": str(vessel.pk),
        "vessel_name": "Tern",
        "to_email": "buyer@example.org",
        "credits": 2,
        "confirmed": False,
        "ended_at": None,
        "completed_at": None,
        "disputable_until": None,
        "dispute": None,
        "inspection_counts": {"corrosion": 0, "osmosis": 0},
        "last_inspected_at": None,
    }
    assert {name: body[name] for name in expected} == expected
    row = handover(body["handover_id"])
    assert row.expires_at - row.created_at == timedelta(hours=72)


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(seller, buyer):
    unverified = UserFactory.create()
    bodies = [
        offer(seller, vessel_of(seller, name).pk, email)
        for name, email in (("A", buyer.owner.email), ("B", "nobody@example.org"), ("C", unverified.email))
    ]
    own = {"handover_id", "vessel_id", "vessel_name", "to_email", "created_at", "expires_at"}
    assert [{name: value for name, value in body.items() if name not in own} for body in bodies] == [
        {name: value for name, value in bodies[0].items() if name not in own}
    ] * 3


def test_the_seller_never_learns_whether_the_address_has_an_account(seller, buyer):
    ids = [
        offer(seller, vessel_of(seller, name).pk, email)["handover_id"]
        for name, email in (("A", buyer.owner.email), ("B", "nobody@example.org"))
    ]
    for handover_id in ids:
        mail_codes(handover_id)
    known, unknown = (seller.fetch(f"/handovers/{handover_id}") for handover_id in ids)
    assert {name for name in known if known[name] != unknown[name]} <= {
        *("handover_id", "vessel_id", "vessel_name", "to_email", "created_at", "expires_at")
    }
    assert kinds_of(seller) == []


def test_an_unverified_seller_is_refused(buyer):
    unverified = Phone.of(UserFactory.create())
    answer = unverified.post(path_of(vessel_of(unverified)), {"to_email": buyer.owner.email})
    assert refused(answer, 403, "FORBIDDEN")["reason"] == "EMAIL_UNVERIFIED"
    assert not Handover.objects.exists()


def test_a_vessel_of_another_owner_is_not_found(seller, buyer):
    foreign = VesselFactory.create(owner=buyer.owner)
    refused(seller.post(path_of(foreign), {"to_email": "friend@example.org"}), 404, "NOT_FOUND")


@pytest.mark.parametrize("email", ["seller@example.org", " SELLER@example.org", "no address", "", None])
def test_an_offer_needs_the_address_of_another(seller, vessel, email):
    answer = seller.post(path_of(vessel), {"to_email": email})
    assert "to_email" in refused(answer, 400, "VALIDATION_ERROR")["fields"]


@pytest.mark.parametrize("credits", [-1, 1001, "1", 1.5, True, None])
def test_a_price_is_a_plausible_number_of_credits(seller, vessel, credits):
    answer = seller.post(path_of(vessel), {"to_email": "buyer@example.org", "credits": credits})
    assert "credits" in refused(answer, 400, "VALIDATION_ERROR")["fields"]


def test_the_same_key_returns_the_same_offer(seller, vessel):
    body = {"to_email": "buyer@example.org"}
    first, again = (seller.post(path_of(vessel), body, HTTP_IDEMPOTENCY_KEY="k") for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert first.json()["handover_id"] == again.json()["handover_id"]
    assert Handover.objects.count() == 1


def test_an_account_makes_only_so_many_offers_a_day(seller, vessel, settings):
    settings.HANDOVERS_PER_DAY = 2
    for _ in range(2):
        seller.send(f"/handovers/{offer(seller, vessel.pk, 'b@example.org')['handover_id']}/cancel")
    answer = seller.post(path_of(vessel), {"to_email": "buyer@example.org"})
    assert "limit for a day" in refused(answer, 429, "RATE_LIMITED")["message"]
    assert int(answer["Retry-After"]) > 80_000


def test_a_refused_offer_does_not_count(seller, vessel, settings):
    settings.HANDOVERS_PER_DAY = 1
    for to_email in (seller.owner.email, "no address", seller.owner.email):
        refused(seller.post(path_of(vessel), {"to_email": to_email}), 400, "VALIDATION_ERROR")
    offer(seller, vessel.pk, "b@example.org")
    refused(seller.post(path_of(vessel), {"to_email": "b@example.org"}), 409, "VESSEL_IN_HANDOVER")


def test_the_limit_of_a_day_ends_a_day_after_the_first_offer(seller, vessel, settings):
    settings.HANDOVERS_PER_DAY = 2
    for _ in range(2):
        seller.send(f"/handovers/{offer(seller, vessel.pk, 'b@example.org')['handover_id']}/cancel")
    first, _ = Handover.objects.order_by("created_at")
    Handover.objects.filter(pk=first.pk).update(created_at=first.created_at - timedelta(days=1))
    offer(seller, vessel.pk, "b@example.org")


def test_an_offered_vessel_takes_no_inspection_offer_or_deletion(seller, vessel):
    inspection = InspectionFactory.create(owner=seller.owner, vessel=vessel, completed=True)
    offer(seller, vessel.pk, "buyer@example.org")
    for answer in (
        seller.post("/inspections", {"mode": "corrosion", "vessel_id": str(vessel.pk)}),
        seller.post("/inspections", {"mode": "corrosion", "vessel_label": "tern"}),
        seller.post(path_of(vessel), {"to_email": "other@example.org"}),
        seller.delete(f"/vessels/{vessel.pk}"),
        seller.delete(f"/inspections/{inspection.pk}"),
    ):
        refused(answer, 409, "VESSEL_IN_HANDOVER")
    assert Inspection.objects.get(pk=inspection.pk).deleted_at is None


def test_an_offer_leaves_the_other_vessels_free(seller, vessel):
    offer(seller, vessel.pk, "buyer@example.org")
    assert seller.open("corrosion", vessel_label="Gannet")["status"] == "pending"


@pytest.mark.parametrize("trait", ["pending", "processing"])
def test_a_vessel_with_an_open_inspection_is_not_offered(seller, vessel, trait):
    traits = {} if trait == "pending" else {trait: True}
    InspectionFactory.create(owner=seller.owner, vessel=vessel, **traits)
    answer = seller.post(path_of(vessel), {"to_email": "buyer@example.org"})
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "INSPECTION_OPEN"


def test_an_open_inspection_of_the_release_before_counts_too(seller, vessel):
    InspectionFactory.create(owner=seller.owner, vessel=None, vessel_label="TERN")
    answer = seller.post(path_of(vessel), {"to_email": "buyer@example.org"})
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "INSPECTION_OPEN"


def test_a_cancelled_offer_frees_the_vessel_and_is_withdrawn(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    assert kinds_of(buyer) == ["handover_offered"]
    for _ in range(2):  # repeated
        assert seller.send(f"/handovers/{handover_id}/cancel")["status"] == "cancelled"
    pending = Notification.objects.get(recipient=buyer.owner).deliveries.exclude(state="skipped")
    assert not pending.exists()
    answer = confirm(buyer, handover_id, mailed[buyer.owner.email])
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "HANDOVER_CLOSED"
    offer(seller, vessel.pk, "other@example.org")


def test_a_declined_offer_frees_the_vessel_and_notifies_the_seller(seller, buyer, vessel):
    handover_id = offer(seller, vessel.pk, buyer.owner.email)["handover_id"]
    for _ in range(2):
        assert buyer.send(f"/handovers/{handover_id}/decline")["status"] == "declined"
    assert kinds_of(seller) == ["handover_declined"]
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "declined"
    offer(seller, vessel.pk, "other@example.org")


def test_only_the_seller_cancels_and_only_the_buyer_declines(seller, buyer, vessel):
    handover_id, _ = offered(seller, buyer, vessel.pk)
    for phone, act in ((buyer, "cancel"), (seller, "decline")):
        refused(phone.post(f"/handovers/{handover_id}/{act}"), 403, "FORBIDDEN")
    for act in ("cancel", "decline"):
        refused(verified().post(f"/handovers/{handover_id}/{act}"), 404, "NOT_FOUND")
    assert handover(handover_id).status == "initiated"


def test_a_completed_handover_is_neither_cancelled_nor_declined(seller, buyer, vessel):
    handover_id = hand_over(seller, buyer, vessel.pk)
    for phone, act in ((seller, "cancel"), (buyer, "decline")):
        answer = phone.post(f"/handovers/{handover_id}/{act}")
        assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "HANDOVER_CLOSED"


def test_an_unanswered_offer_expires_and_both_are_notified(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    expire(handover_id)
    sweep()
    assert handover(handover_id).status == "expired"
    assert (kinds_of(seller), kinds_of(buyer)) == (["handover_expired"], ["handover_expired", "handover_offered"])
    answer = confirm(buyer, handover_id, mailed[buyer.owner.email])
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "HANDOVER_CLOSED"


def test_an_overdue_offer_locks_nothing_also_while_no_sweep_runs(seller, buyer, vessel):
    handover_id, mailed = offered(seller, buyer, vessel.pk)
    confirm(seller, handover_id, mailed[seller.owner.email])
    expire(handover_id)
    assert seller.fetch(f"/handovers/{handover_id}")["status"] == "expired"
    assert confirm(buyer, handover_id, mailed[buyer.owner.email]).status_code == 409
    seller.open("corrosion", vessel_label="Tern")
    Inspection.objects.all().delete()
    offer(seller, vessel.pk, "other@example.org")
    assert handover(handover_id).status == "expired"


def test_a_party_lists_its_handovers_newest_first(seller, buyer, vessel):
    ended = offer(seller, vessel.pk, buyer.owner.email)["handover_id"]
    seller.send(f"/handovers/{ended}/cancel")
    newest = offer(seller, vessel.pk, buyer.owner.email)["handover_id"]
    assert [row["handover_id"] for row in seller.fetch("/handovers")["results"]] == [newest, ended]
    [shown] = buyer.fetch("/handovers")["results"]
    assert (shown["handover_id"], shown["role"], shown["to_email"]) == (newest, "buyer", None)
    assert verified().fetch("/handovers")["results"] == []


def test_an_unproven_address_sees_no_offer(seller, vessel):
    unverified = Phone.of(UserFactory.create())
    handover_id = offer(seller, vessel.pk, unverified.owner.email)["handover_id"]
    assert unverified.fetch("/handovers")["results"] == []
    refused(unverified.get(f"/handovers/{handover_id}"), 404, "NOT_FOUND")
    refused(unverified.post(f"/handovers/{handover_id}/decline"), 404, "NOT_FOUND")


def test_the_buyer_sees_what_is_offered_and_nothing_of_the_seller(seller, buyer, vessel):
    Vessel.objects.filter(pk=vessel.pk).update(home_port="Laboe")
    at = timezone.now() - timedelta(days=30)
    InspectionFactory.create(owner=seller.owner, vessel=vessel, completed=True, created_at=at)
    handover_id = offer(seller, vessel.pk, buyer.owner.email)["handover_id"]
    shown = buyer.fetch(f"/handovers/{handover_id}")
    assert (shown["vessel_name"], shown["inspection_counts"]) == ("Tern", {"corrosion": 1, "osmosis": 0})
    assert shown["last_inspected_at"] is not None
    text = buyer.get(f"/handovers/{handover_id}").content.decode()
    assert "seller@" not in text
    assert "Laboe" not in text
    refused(buyer.get(f"/vessels/{vessel.pk}"), 404, "NOT_FOUND")


def test_the_queue_gets_a_message_for_an_offer(seller, vessel, broker, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        handover_id = offer(seller, vessel.pk, "buyer@example.org")["handover_id"]
    assert ("vessels.tasks.send_handover_codes", (handover_id,)) in broker
    assert mail.outbox == []
