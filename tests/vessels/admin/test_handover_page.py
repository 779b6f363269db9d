"""Test the staff pages of handovers: staff find one, see what happened, and decide its dispute."""

import re
from unittest.mock import patch

import pytest

from accounts.models import StaffAction, User
from billing.ledger import integrity
from corrosion.models import Maintenance
from inspections.models import Inspection
from notifications.models import Notification
from testing.factories import UserFactory, handover_of
from tests.vessels.handovers.acts import (
    REASON,
    buy_credit,
    credits,
    decide,
    dispute,
    hand_over,
    handover,
    offered,
    verified,
    vessel_of,
)
from vessels.admin.handovers import Decision
from vessels.models import Handover, Vessel

pytestmark = pytest.mark.django_db
LIST = "/admin/vessels/handover/"
SAYS_WHY = {"reason": "The papers name the seller."}
DECISIONS = ("complete", "reverse")


@pytest.fixture
def seller(db):
    return verified(email="seller@example.org")


@pytest.fixture
def buyer(db):
    return verified(email="buyer@example.org")


@pytest.fixture
def disputed(seller, buyer) -> Handover:
    """A vessel with an inspection and maintenance, sold for one credit, and disputed by the buyer."""
    buy_credit(buyer.owner)
    vessel = vessel_of(seller, "Tern")
    seller.complete("corrosion", vessel_label="Tern")
    Maintenance.objects.create(vessel=vessel, kind="painted", performed_on="2026-05-01")
    handover_id = hand_over(seller, buyer, vessel.pk, credits=1)
    dispute(buyer, handover_id)
    return handover(handover_id)


def address(row) -> str:
    return f"{LIST}{row.pk}/change/"


def page(client, row) -> str:
    answer = client.get(address(row))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client, row, name, **fields):
    return client.post(f"{LIST}{row.pk}/act/{name}/", SAYS_WHY | fields, follow=True)


def confirmed(client, row, name):
    return act(client, row, name, confirmed="yes")


def effects_of(client, row) -> list[str]:
    """Return what the page of a reversal says that will happen, before it does."""
    answer = act(client, row, "reverse")
    assert answer.context["effects"], "the page asks for no confirmation"
    return answer.context["effects"]


def owner_now(row) -> User:
    return Vessel.objects.get(pk=row.vessel_id).owner


def test_a_handover_is_found_by_its_parties_vessel_address_and_id(desk, seller, buyer):
    vessel = vessel_of(seller, "Nordlys")
    wanted = handover(hand_over(seller, buyer, vessel.pk))
    handover_of(UserFactory.create())
    for words in ("Seller@example.org", "buyer@example.org", "nordlys", str(vessel.pk), str(wanted.pk)):
        found = desk.get(LIST, {"q": words}).context["cl"].queryset
        assert wanted in found, words
        assert found.count() == (2 if words == "buyer@example.org" else 1), words  # the other offer is to that address


def test_a_handover_its_parties_and_its_vessel_link_to_each_other(desk, seller, buyer, disputed):
    text = page(desk, disputed)
    for party in (seller, buyer):
        assert f"/admin/accounts/user/{party.owner.pk}/change/" in text
    assert f"/admin/vessels/vessel/{disputed.vessel_id}/change/" in text
    handover_of(UserFactory.create())
    for linking in (
        f"/admin/accounts/user/{seller.owner.pk}/change/",
        f"/admin/accounts/user/{buyer.owner.pk}/change/",
        f"/admin/vessels/vessel/{disputed.vessel_id}/change/",
    ):
        links = re.findall(rf'href="({LIST}\?[^"]*)"', desk.get(linking).content.decode())
        rows = [list(desk.get(link).context["cl"].queryset) for link in links]
        assert [disputed] in rows, linking
        assert all(each in ([], [disputed]) for each in rows), linking


def test_the_page_shows_what_happened_and_what_moved_and_no_code(desk, seller, buyer, disputed):
    text = page(desk, disputed)
    for shown in (
        REASON,
        "inspections: 1, entries of maintenance: 1",
        "offered by the seller",
        "disputed by the buyer",
    ):
        assert shown in text
    assert not any(code.code_hash in text for code in disputed.codes.all())


def test_an_offer_to_an_unknown_address_and_a_deleted_vessel_have_pages(desk, seller, buyer):
    assert "no account has proven the address" in page(desk, handover_of(seller.owner))
    over = handover(hand_over(seller, buyer, vessel_of(seller, "Tern").pk))
    buyer.delete(f"/vessels/{over.vessel_id}")
    assert "deleted" in page(desk, over)


def test_staff_leave_it_completed(desk, staff, seller, buyer, disputed):
    answer = act(desk, disputed, "complete")
    assert "Leave it completed: done. Both parties are notified." in answer.content.decode()
    disputed.refresh_from_db()
    assert (disputed.status, disputed.decided_at is None) == ("completed", False)
    assert (owner_now(disputed), credits(seller, buyer)) == (buyer.owner, (1, 0))
    assert Notification.objects.filter(kind="handover_completed", recipient=seller.owner).count() == 2
    recorded = StaffAction.objects.get()
    assert (recorded.staff, recorded.action, recorded.reason) == (staff, "complete_handover", SAYS_WHY["reason"])
    assert (recorded.subject_type, recorded.subject_id) == ("vessels.handover", str(disputed.pk))
    assert SAYS_WHY["reason"] in page(desk, disputed)


def test_a_reversal_says_what_returns_and_waits_for_a_confirmation(desk, seller, buyer, disputed):
    assert effects_of(desk, disputed) == [
        "The vessel returns to seller@example.org, with what had moved (inspections: 1, entries of maintenance: 1).",
        "1 inspection credits return to buyer@example.org.",
    ]
    disputed.refresh_from_db()
    assert (disputed.status, owner_now(disputed), StaffAction.objects.count()) == ("disputed", buyer.owner, 0)


def test_staff_reverse_it(desk, staff, seller, buyer, disputed):
    answer = confirmed(desk, disputed, "reverse")
    assert "Reverse it: done. Both parties are notified." in answer.content.decode()
    disputed.refresh_from_db()
    assert (disputed.status, owner_now(disputed)) == ("reversed", seller.owner)
    assert (credits(seller, buyer), Inspection.objects.get().owner) == ((0, 1), seller.owner)
    assert Notification.objects.filter(kind="handover_reversed").count() == 2
    assert StaffAction.objects.get().action == "reverse_handover"


def test_a_reversal_names_the_debt_that_it_books(desk, seller, buyer, disputed):
    seller.send("/inspections", {"mode": "osmosis", "vessel_label": "Gannet"})  # holds the credit
    assert effects_of(desk, disputed)[-1] == "seller@example.org has used them: 1 become a debt."
    confirmed(desk, disputed, "reverse")
    assert credits(seller, buyer) == (-1, 1)
    assert list(integrity.faults_of_books()) == []


def test_an_earlier_debt_is_not_counted_again(desk, seller, buyer, disputed):
    other = vessel_of(seller, "Gannet")
    buy_credit(buyer.owner)
    earlier = hand_over(seller, buyer, other.pk, credits=1)
    for label in ("Puffin", "Skua"):
        seller.send("/inspections", {"mode": "osmosis", "vessel_label": label}, HTTP_IDEMPOTENCY_KEY=label)
    dispute(buyer, earlier)
    decide(earlier, reverse=True)
    assert credits(seller, buyer) == (-1, 1)
    assert effects_of(desk, disputed)[-1] == "seller@example.org has used them: 1 become a debt."
    confirmed(desk, disputed, "reverse")
    assert credits(seller, buyer) == (-2, 2)


def test_without_credits_a_reversal_speaks_of_none(desk, seller, buyer):
    handover_id = hand_over(seller, buyer, vessel_of(seller, "Tern").pk)
    dispute(seller, handover_id)
    assert len(effects_of(desk, handover(handover_id))) == 1


@pytest.mark.parametrize("name", DECISIONS)
def test_only_a_disputed_handover_is_offered_a_decision(desk, seller, buyer, name):
    handover_id, _ = offered(seller, buyer, vessel_of(seller, "Tern").pk)
    rows = [handover(handover_id), handover(hand_over(seller, buyer, vessel_of(seller, "Gannet").pk))]
    for row in rows:
        assert "/act/" not in page(desk, row)
        assert "There is no dispute to decide." in confirmed(desk, row, name).content.decode()
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("name", DECISIONS)
@pytest.mark.parametrize("earlier", [False, True], ids=["left completed", "reversed"])
def test_a_decision_is_refused_if_a_colleague_decided_meanwhile(desk, seller, buyer, disputed, name, earlier):
    """The page was opened before: only the rule, under its locks, sees the colleague's decision."""
    decide(disputed.pk, reverse=earlier)
    before = (handover(disputed.pk).status, owner_now(disputed), credits(seller, buyer))
    with patch.object(Decision, "refusal", return_value=None):
        answer = confirmed(desk, disputed, name)
    assert answer.context["form"].non_field_errors() == [f"There is nothing to decide: the handover is {before[0]}."]
    assert (handover(disputed.pk).status, owner_now(disputed), credits(seller, buyer)) == before
    assert StaffAction.objects.count() == 1


@pytest.mark.parametrize("party", ["seller", "buyer"])
def test_nothing_is_reversed_while_the_account_of_a_party_is_closed(desk, seller, buyer, disputed, party):
    gone = seller if party == "seller" else buyer
    User.objects.filter(pk=gone.owner.pk).update(is_active=False)
    answer = confirmed(desk, disputed, "reverse")
    assert answer.context["form"].non_field_errors() == [
        "The account of a party is closed: its erasure settles this dispute."
    ]
    assert (handover(disputed.pk).status, StaffAction.objects.count()) == ("disputed", 0)


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_needs_a_reason(desk, disputed, name):
    answer = act(desk, disputed, name, reason=" \n ", confirmed="yes")
    assert "This field is required." in answer.content.decode()
    assert (handover(disputed.pk).status, StaffAction.objects.count()) == ("disputed", 0)


@pytest.mark.parametrize("name", DECISIONS)
def test_an_onlooker_sees_a_dispute_and_may_not_decide_it(onlooker, disputed, name):
    assert "/act/" not in page(onlooker, disputed)
    assert onlooker.get(f"{LIST}{disputed.pk}/act/{name}/").status_code == 403
    assert confirmed(onlooker, disputed, name).status_code == 403
    assert (handover(disputed.pk).status, StaffAction.objects.count()) == ("disputed", 0)


def test_support_may_decide(support, disputed):
    assert "/act/reverse/" in page(support, disputed)
    act(support, disputed, "complete")
    assert handover(disputed.pk).status == "completed"


def test_a_deletion_is_not_offered(boss, disputed):
    assert boss.post(f"{LIST}{disputed.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.get(f"{LIST}add/").status_code == 403
