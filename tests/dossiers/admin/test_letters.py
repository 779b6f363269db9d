"""Test what staff see of letters, and what they can do with them."""

import pytest
from django.utils import timezone

from accounts.models import StaffAction
from dossiers.models import Delivery
from testing.letters import letter_of, paid_letter, posting, refunds_of, work_off
from testing.web_purchases import selling

pytestmark = pytest.mark.django_db


@pytest.fixture
def lob(settings):
    with posting(settings) as fake:
        yield fake


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


@pytest.fixture
def letter(phone, owner, lob, fake) -> Delivery:
    return paid_letter(phone, owner, fake)


def act(desk, letter, name, reason="The owner called."):
    return desk.post(f"/admin/dossiers/delivery/{letter.pk}/act/{name}/", {"reason": reason}, follow=True)


def page(desk, letter) -> str:
    return desk.get(f"/admin/dossiers/delivery/{letter.pk}/change/").content.decode()


def test_the_page_says_what_comes_next_and_leads_to_order_and_dossier(desk, letter):
    found = page(desk, letter)
    assert "a worker asks the letter service for it" in found
    assert f"/admin/billing/order/{letter.order_id}/change/" in found
    assert f"/admin/dossiers/dossier/{letter.dossier_id}/change/" in found
    Delivery.objects.filter(pk=letter.pk).update(stop_reason="cancelled")
    assert "a worker stops it if it is not printed yet" in page(desk, letter)


def test_staff_ask_again_and_nothing_is_doubled(desk, staff, letter, lob):
    lob.is_down = True
    work_off()
    lob.is_down = False
    act(desk, letter, "ask_again")
    work_off()
    letter.refresh_from_db()
    assert (letter.status, len(lob.letters)) == ("submitted", 1)
    act(desk, letter, "ask_again")
    work_off()
    assert len(lob.letters) == 1
    assert list(StaffAction.objects.values_list("action", "staff")) == [("ask_for_letter", staff.pk)] * 2


def test_staff_stop_a_letter_and_its_money_goes_back(desk, letter, lob):
    act(desk, letter, "stop_letter")
    letter.refresh_from_db()
    assert (letter.status, letter.failure_reason, refunds_of(letter)) == ("failed", "cancelled", ["open"])
    work_off()
    assert lob.letters == {}


def test_staff_refund_a_letter_that_came_back(desk, letter, lob):
    work_off()
    letter.refresh_from_db()
    lob.advance(letter.provider_ref, "letter.returned_to_sender")
    Delivery.objects.update(due_at=timezone.now())
    work_off()
    assert refunds_of(letter) == []
    act(desk, letter, "refund_letter")
    assert refunds_of(letter) == ["open"]
    act(desk, letter, "refund_letter")
    assert refunds_of(letter) == ["open"]
    assert StaffAction.objects.count() == 1


@pytest.mark.parametrize("name", ["ask_again", "refund_letter"])
def test_what_is_not_paid_has_nothing_to_ask_for(name, desk, owner):
    act(desk, letter_of(owner), name)
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("name", ["ask_again", "stop_letter", "refund_letter"])
def test_an_onlooker_and_a_reason_left_out_change_nothing(name, desk, onlooker, letter):
    assert act(onlooker, letter, name).status_code == 403
    act(desk, letter, name, reason=" ")
    letter.refresh_from_db()
    assert (letter.status, refunds_of(letter), StaffAction.objects.count()) == ("paid", [], 0)
