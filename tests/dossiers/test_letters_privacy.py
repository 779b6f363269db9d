"""Test what an export and an erasure do with letters, and what the metrics say of them."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.privacy.register import DataSubject
from billing.models import RefundRequest
from dossiers import metrics
from dossiers.models import Delivery
from dossiers.privacy.personal_data import PERSONAL_DATA, LetterUnderWay
from testing.fake_lob import Fault
from testing.letters import ADDRESS, letter_of, paid_letter, posting, refunds_of, work_off
from testing.web_purchases import selling
from tests.accounts.privacy.full_account import erase
from tests.accounts.privacy.test_export import exported, json_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def lob(settings):
    with posting(settings) as fake:
        yield fake


@pytest.fixture
def fake(settings):
    with selling(settings) as fake:
        yield fake


def test_an_export_has_the_address_of_a_letter_under_way(phone, owner):
    letter_of(owner)
    (dossier,) = json_in(exported(phone), "dossiers/dossiers.json")
    assert dossier["deliveries"][0]["address"] == ADDRESS


def test_an_erasure_stops_what_is_not_printed_and_refunds_it(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    work_off()
    order_id = Delivery.objects.get(pk=letter.pk).order_id
    assert erase(phone).done_at is not None
    assert (lob.standing(), Delivery.objects.count()) == ([], 0)
    assert RefundRequest.objects.filter(order_id=order_id).count() == 1


def test_an_erasure_waits_until_it_is_known_whether_a_letter_exists(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    subject = DataSubject(owner.pk, owner.email)
    lob.fail(Fault.LOST)
    work_off()
    lob.is_down = True
    with pytest.raises(LetterUnderWay):
        PERSONAL_DATA.settle(subject)
    assert Delivery.objects.get(pk=letter.pk).status == "paid"
    lob.is_down = False
    for _ in range(3):
        try:
            PERSONAL_DATA.settle(subject)
        except LetterUnderWay:
            continue
    assert (Delivery.objects.get(pk=letter.pk).status, refunds_of(letter), lob.standing()) == ("failed", ["open"], [])


def test_an_erasure_does_not_wait_for_a_letter_that_is_printed(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    work_off()
    lob.print_letter(Delivery.objects.get(pk=letter.pk).provider_ref)
    for _ in range(2):
        PERSONAL_DATA.settle(DataSubject(owner.pk, owner.email))
    assert (Delivery.objects.get(pk=letter.pk).status, refunds_of(letter)) == ("submitted", [])


def test_no_address_is_left_in_the_exports_of_what_ended(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    phone.delete(f"/dossiers/{letter.dossier_id}")
    assert "King" not in json.dumps(json_in(exported(phone), "dossiers/dossiers.json"))


def samples(name: str) -> dict[str, float]:
    (found,) = (each for each in metrics.figures() if each.name == name)
    return {next(iter(sample.labels.values())): sample.value for sample in found.samples if sample.value}


def test_the_metrics_count_faults_and_no_wishes(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    phone.delete(f"/dossiers/{letter.dossier_id}")
    assert samples("maretech_letters_failed") == {}
    Delivery.objects.update(failure_reason="refused")
    assert samples("maretech_letters_failed") == {"refused": 1}
    Delivery.objects.update(ended_at=timezone.now() - timedelta(days=2))
    assert samples("maretech_letters_failed") == {}


def test_the_metrics_name_letters_that_nothing_is_heard_of(phone, owner, lob, fake):
    paid_letter(phone, owner, fake)
    assert samples("maretech_letters_late") == {}
    Delivery.objects.update(paid_at=timezone.now() - timedelta(hours=7))
    assert samples("maretech_letters_late") == {"paid": 1}
    assert {each.work: each.count for each in metrics.backlogs()}["letter"] == 1
    work_off()
    Delivery.objects.update(submitted_at=timezone.now() - timedelta(days=15))
    assert samples("maretech_letters_late") == {"submitted": 1}
    Delivery.objects.update(submitted_at=timezone.now() - timedelta(days=61))
    assert samples("maretech_letters_late") == {}


def test_an_account_with_a_printed_letter_of_long_ago_can_be_erased(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    work_off()
    lob.print_letter(Delivery.objects.get(pk=letter.pk).provider_ref)
    Delivery.objects.update(submitted_at=timezone.now() - timedelta(days=61))
    PERSONAL_DATA.settle(DataSubject(owner.pk, owner.email))
    assert Delivery.objects.get(pk=letter.pk).stop_reason == ""
    assert refunds_of(letter) == []
