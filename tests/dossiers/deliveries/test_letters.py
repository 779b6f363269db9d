"""Test letters: written, paid, asked for once, followed, and refunded whenever none is posted."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from billing.models import Order, RefundRequest
from billing.services.selling import refund_service, service_money
from dossiers.deliveries import endings, letters, transitions
from dossiers.deliveries.letters import due_letters, work_on
from dossiers.deliveries.stopping import stop_letter
from dossiers.lifecycle.vessel_links import _let_go
from dossiers.models import Delivery, Dossier
from dossiers.post.covering_letter import TooManyPages
from dossiers.vocabulary import DeliveryFailure
from maretech.common.storage import object_store
from maretech.common.work.retention import apply_retention
from notifications.models import Notification
from testing.dossiers import draft_of, final_of
from testing.fake_lob import Fault
from testing.letters import (
    ABROAD,
    ADDRESS,
    checked_out,
    letter_to,
    paid_letter,
    pay,
    pdf_of,
    refunds_of,
    work_off,
    written,
)
from testing.web_purchases import deliver_events
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = timedelta(days=2)


def again(letter: Delivery) -> Delivery:
    return Delivery.objects.get(pk=letter.pk)


def state(letter: Delivery) -> tuple[str, str]:
    found = again(letter)
    return found.status, found.failure_reason


def accepted(phone, owner, fake) -> Delivery:
    letter = paid_letter(phone, owner, fake)
    work_off()
    letter.refresh_from_db()
    assert letter.status == "submitted"
    return letter


def notified(kind: str) -> int:
    return Notification.objects.filter(kind=kind).count()


# --- written ---------------------------------------------------------------------------------------------------------
def test_a_letter_is_written_with_its_address_and_costs_nothing_yet(phone, owner, lob):
    answer = letter_to(phone, final_of(owner, pdf=pdf_of(2)))
    assert (answer.status_code, answer.json()["status"], answer.json()["to"]) == (202, "created", "Harbour Survey")
    letter = Delivery.objects.get()
    assert letter.address == {**ADDRESS}
    assert letter.order_id is None
    assert lob.letters == {}


@pytest.mark.parametrize("missing", ["name", "lines", "postal_code", "city", "country", "state"])
def test_an_address_without_a_part_is_refused(missing, phone, owner, lob):
    to = {name: value for name, value in ADDRESS.items() if name != missing}
    body = refused(letter_to(phone, final_of(owner), to), 400, "VALIDATION_ERROR")
    assert f"to.{missing}" in body["fields"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": []}, "to.lines"),
        ({"lines": ["a", "b", "c"]}, "to.lines"),
        ({"lines": ["x" * 30, "y" * 30]}, "to.lines"),
        ({"name": "x" * 41}, "to.name"),
        ({"country": "us"}, "to.country"),
        ({"country": "FR"}, "to.country"),
        ({"lines": ["undeliverable"]}, "to.lines"),
        ({"lines": ["missing_unit"]}, "to.lines"),
    ],
)
def test_an_address_that_the_post_does_not_reach_is_refused_before_it_costs(change, field, phone, owner, lob):
    body = refused(letter_to(phone, final_of(owner, pdf=pdf_of(2)), {**ADDRESS, **change}), 400, "VALIDATION_ERROR")
    assert field in body["fields"]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("to", ["no address", None, 7, [], {"name": 7}])
def test_what_is_no_address_is_refused(to, phone, owner, lob):
    refused(letter_to(phone, final_of(owner), to), 400, "VALIDATION_ERROR")


def test_a_dossier_with_too_many_pages_for_the_country_is_refused_before_it_costs(phone, owner, lob):
    dossier = final_of(owner, pdf=pdf_of(12))
    assert refused(letter_to(phone, dossier, ABROAD), 409, "NOT_ELIGIBLE")["reason"] == "too_many_pages"
    assert letter_to(phone, dossier).status_code == 202


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.BROKEN, Fault.LIMITED])
def test_an_address_that_cannot_be_checked_now_is_not_written(fault, phone, owner, lob):
    lob.fail(fault)
    answer = letter_to(phone, final_of(owner, pdf=pdf_of(2)))
    assert refused(answer, 503, "SERVICE_UNAVAILABLE")
    assert answer["Retry-After"]
    assert not Delivery.objects.exists()


def test_a_letter_is_written_once_for_its_key(phone, owner, lob):
    dossier = final_of(owner, pdf=pdf_of(2))
    answers = [letter_to(phone, dossier, HTTP_IDEMPOTENCY_KEY="once").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Delivery.objects.count() == 1


def test_an_owner_writes_so_many_letters_a_day(phone, owner, lob, settings):
    settings.LETTERS_PER_DAY = 2
    dossier = final_of(owner, pdf=pdf_of(2))
    assert [letter_to(phone, dossier).status_code for _ in range(3)] == [202, 202, 429]
    answer = letter_to(phone, dossier)
    assert refused(answer, 429, "RATE_LIMITED")["reason"] == "TOO_MANY_LETTERS"
    assert int(answer["Retry-After"]) > 80_000


def test_only_the_owner_of_a_final_dossier_with_a_proven_address_writes_one(phone, unproven, owner, stranger, lob):
    assert refused(letter_to(phone, draft_of(owner)), 409, "NOT_ELIGIBLE")["reason"] == "not_final"
    refused(letter_to(phone, final_of(stranger)), 404, "NOT_FOUND")
    refused(letter_to(unproven, final_of(unproven.owner, pdf=pdf_of(1))), 403, "FORBIDDEN")


# --- paid ------------------------------------------------------------------------------------------------------------
def test_the_order_is_written_and_paid_before_the_letter_is_asked_for(phone, owner, lob, fake):
    letter = written(phone, owner)
    work_off()
    order = checked_out(phone, letter)
    work_off()
    assert (again(letter).order_id, again(letter).status, lob.letters) == (order.pk, "created", {})
    pay(fake, order)
    assert (again(letter).status, lob.letters) == ("paid", {})
    work_off()
    assert again(letter).status == "submitted"
    (posted,) = lob.standing()
    assert posted["metadata"] == {"delivery_id": str(letter.pk)}
    assert posted["id"] == again(letter).provider_ref


def test_the_page_of_a_letter_is_opened_once(phone, owner, lob, fake):
    letter = written(phone, owner)
    answers = [phone.post(f"/deliveries/{letter.pk}/checkout", {}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["session_id"] == answers[1].json()["session_id"]
    assert Order.objects.count() == 1


def test_a_letter_that_is_paid_or_over_is_not_paid_again(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    assert refused(phone.post(f"/deliveries/{letter.pk}/checkout", {}), 409, "NOT_ELIGIBLE")["reason"] == "paid"
    other = written(phone, owner, superseded_by=letter.dossier_id)
    with time_machine.travel(timezone.now() + DAY + timedelta(minutes=1)):
        late = type(phone).of(owner)
        assert refused(late.post(f"/deliveries/{other.pk}/checkout", {}), 409, "NOT_ELIGIBLE")["reason"] == "expired"


def test_a_mail_and_a_letter_of_another_owner_have_no_page(phone, owner, lob, fake, strangers_phone):
    refused(strangers_phone.post(f"/deliveries/{written(phone, owner).pk}/checkout", {}), 404, "NOT_FOUND")
    mail = phone.post(f"/dossiers/{Dossier.objects.get().pk}/deliveries", {"channel": "email", "to": "a@example.org"})
    refused(phone.post(f"/deliveries/{mail.json()['delivery_id']}/checkout", {}), 404, "NOT_FOUND")
    refused(phone.post(f"/deliveries/{uuid4()}/checkout", {}), 404, "NOT_FOUND")


def test_a_letter_that_is_not_paid_within_a_day_expires_and_a_late_payment_goes_back(phone, owner, lob, fake):
    letter, unpaid = written(phone, owner), None
    order = checked_out(phone, letter)
    unpaid = Delivery.objects.create(
        dossier=letter.dossier, channel="post", address=ADDRESS, due_at=timezone.now() + DAY
    )
    work_off(later=DAY)
    assert [state(each) for each in (letter, unpaid)] == [("expired", ""), ("expired", "")]
    assert again(letter).address is None
    pay(fake, order)
    assert (state(letter), refunds_of(letter)) == (("expired", ""), ["open"])
    work_off(later=LATER)
    assert lob.letters == {}


def test_a_letter_whose_page_closes_expires(phone, owner, lob, fake):
    letter = written(phone, owner)
    order = checked_out(phone, letter)
    fake.expire(order.provider_ref)
    deliver_events(fake)
    assert state(letter) == ("expired", "")


def test_a_payment_for_a_dossier_that_was_revoked_meanwhile_goes_back(phone, owner, lob, fake):
    letter = written(phone, owner)
    order = checked_out(phone, letter)
    phone.delete(f"/dossiers/{letter.dossier_id}")
    assert state(letter) == ("expired", "")
    pay(fake, order)
    work_off()
    assert (refunds_of(letter), lob.letters) == (["open"], {})


# --- asked for -------------------------------------------------------------------------------------------------------
def test_a_letter_is_made_once_however_often_its_worker_runs(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    for _ in range(3):
        work_off(later=LATER)
    work_on(letter.pk)
    assert len(lob.letters) == 1


def test_a_letter_whose_answer_was_lost_is_found_and_not_made_again(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.LOST)
    work_off()
    assert (again(letter).status, len(lob.letters)) == ("paid", 1)
    lob.forget_keys()  # after a day the service forgets the key
    work_off(later=LATER)
    assert (again(letter).status, len(lob.letters)) == ("submitted", 1)


def test_a_worker_that_was_killed_between_asking_and_noting_doubles_nothing(phone, owner, lob, fake, monkeypatch):
    letter = paid_letter(phone, owner, fake)
    with monkeypatch.context() as patched:
        patched.setattr(transitions, "submit", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            work_off()
    lob.forget_keys()
    work_off(later=LATER)
    assert (again(letter).status, len(lob.letters)) == ("submitted", 1)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.BROKEN, Fault.LIMITED, Fault.FORBIDDEN, Fault.NONSENSE])
def test_an_outage_of_the_service_costs_no_attempt_and_no_letter(fault, phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    for _ in range(20):
        lob.fail(fault)
        work_off(later=LATER)
    assert (again(letter).status, again(letter).attempts) == ("paid", 0)
    work_off(later=LATER)
    assert (again(letter).status, len(lob.letters)) == ("submitted", 1)


def test_a_letter_waits_as_long_as_the_service_says(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.LIMITED)
    work_off()
    assert again(letter).due_at > timezone.now() + timedelta(seconds=5)


def test_a_refused_letter_is_refunded_and_the_owner_learns_it(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    Delivery.objects.filter(pk=letter.pk).update(address={**ADDRESS, "lines": ["x" * 51]})
    work_off()
    assert (state(letter), refunds_of(letter), lob.letters) == (("failed", "refused"), ["open"], {})
    assert notified("dossier_delivery_failed") == 1
    assert again(letter).address is None


def test_a_letter_that_grew_too_long_for_its_country_is_refunded(phone, owner, lob, fake, monkeypatch):
    letter = paid_letter(phone, owner, fake)

    def too_long(*_, **__):
        raise TooManyPages

    monkeypatch.setattr(letters, "letter_pdf", too_long)
    work_off()
    assert (state(letter), refunds_of(letter)) == (("failed", "too_many_pages"), ["open"])


def test_a_letter_whose_pdf_is_missing_is_refunded(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    object_store().delete([letter.dossier.pdf_uri])
    work_off()
    assert (state(letter), refunds_of(letter)) == (("failed", "not_printed"), ["open"])


def test_an_outage_that_lasts_too_long_ends_in_a_refund(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.is_down = True
    work_off()
    Delivery.objects.update(paid_at=timezone.now() - timedelta(hours=73), handed_over_at=timezone.now() - DAY)
    work_off(later=LATER)
    assert again(letter).status == "paid", "it is not known whether the letter was accepted"
    lob.is_down = False
    work_off(later=LATER)
    assert (state(letter), refunds_of(letter), lob.letters) == (("failed", "not_accepted"), ["open"], {})


def test_a_letter_that_kills_every_worker_ends_in_a_refund(phone, owner, lob, fake, monkeypatch):
    letter = paid_letter(phone, owner, fake)
    Delivery.objects.update(attempts=Delivery.retry.max_attempts)
    monkeypatch.setattr(letters, "letter_pdf", lambda *_, **__: pytest.fail("printed"))
    work_off()
    assert (state(letter), refunds_of(letter)) == (("failed", "not_accepted"), ["open"])


def test_a_letter_that_killed_every_worker_after_it_was_accepted_is_posted(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.LOST)
    work_off()
    Delivery.objects.update(attempts=Delivery.retry.max_attempts, due_at=timezone.now())
    work_off()
    assert (state(letter), refunds_of(letter)) == (("submitted", ""), [])


def test_letters_that_were_switched_off_are_refunded_when_their_time_is_over(phone, owner, lob, fake, settings):
    letter = paid_letter(phone, owner, fake)
    settings.LETTERS = "off"
    work_off()
    assert again(letter).status == "paid"
    Delivery.objects.update(paid_at=timezone.now() - timedelta(hours=73))
    work_off(later=LATER)
    assert (state(letter), refunds_of(letter)) == (("failed", "not_accepted"), ["open"])


def test_an_answer_that_arrives_after_the_end_takes_its_letter_back(phone, owner, lob, fake, monkeypatch):
    letter = paid_letter(phone, owner, fake)
    sent = letters.letter_service().send

    def end_meanwhile(*args, **options):
        found = sent(*args, **options)
        endings.end_without_letter(again(letter), DeliveryFailure.CANCELLED)
        return found

    monkeypatch.setattr(
        "dossiers.post.lob.LobService.send", lambda _, *args, **options: end_meanwhile(*args, **options)
    )
    work_off()
    assert (state(letter), refunds_of(letter), lob.standing()) == (("failed", "cancelled"), ["open"], [])


# --- stopped ---------------------------------------------------------------------------------------------------------
def test_a_dossier_that_is_revoked_before_its_letter_was_asked_for_is_refunded_at_once(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    phone.delete(f"/dossiers/{letter.dossier_id}")
    assert (state(letter), refunds_of(letter)) == (("failed", "dossier_revoked"), ["open"])
    assert notified("dossier_delivery_failed") == 1
    work_off(later=LATER)
    assert lob.letters == {}


def test_a_dossier_that_is_revoked_before_its_letter_is_printed_takes_it_back(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    phone.delete(f"/dossiers/{letter.dossier_id}")
    assert again(letter).stop_reason == "dossier_revoked"
    work_off()
    assert (state(letter), refunds_of(letter), lob.standing()) == (("failed", "dossier_revoked"), ["open"], [])


def test_a_letter_that_is_printed_goes_its_way_although_its_dossier_is_revoked(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    lob.print_letter(letter.provider_ref)
    phone.delete(f"/dossiers/{letter.dossier_id}")
    work_off()
    assert (state(letter), refunds_of(letter), again(letter).stop_reason) == (("submitted", ""), [], "")
    assert service_money(letter.order_id).is_delivered
    lob.advance(letter.provider_ref, "letter.delivered")
    work_off(later=LATER)
    assert again(letter).status == "delivered"


@pytest.mark.parametrize("after", ["revoked", "contested"])
def test_no_letter_is_refunded_while_its_request_may_still_be_at_work(after, phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.CUT)
    work_off()
    if after == "revoked":
        phone.delete(f"/dossiers/{letter.dossier_id}")
    else:
        contest(fake, letter)
    work_off(later=timedelta(minutes=5))
    assert (again(letter).status, refunds_of(letter)) == ("paid", [])
    Delivery.objects.update(handed_over_at=timezone.now() - timedelta(minutes=11))
    work_off(later=LATER)
    assert (again(letter).status, refunds_of(letter), lob.letters) == ("failed", ["open"], {})


def test_a_letter_that_is_stopped_while_its_answer_is_lost_is_taken_back(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.LOST)
    work_off()
    phone.delete(f"/dossiers/{letter.dossier_id}")
    for _ in range(2):
        work_off(later=LATER)
    assert (state(letter), refunds_of(letter), lob.standing()) == (("failed", "dossier_revoked"), ["open"], [])


def contest(fake, letter: Delivery) -> str:
    dispute = fake.open_dispute(Order.objects.get(pk=letter.order_id).payment_ref)["id"]
    fake.withdraw_funds(dispute)
    deliver_events(fake)
    return dispute


def test_money_that_is_contested_before_the_letter_is_printed_takes_it_back(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    contest(fake, letter)
    work_off()
    assert (state(letter), lob.standing()) == (("failed", "payment_withdrawn"), [])
    assert refunds_of(letter) == ["open"], "made if the bank gives the money back, dropped if not"


def test_a_letter_that_was_not_stopped_yet_goes_on_when_its_money_is_restored(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.CUT)
    work_off()
    dispute = contest(fake, letter)
    assert again(letter).stop_reason == "payment_withdrawn"
    fake.reinstate_funds(dispute)
    fake.close_dispute(dispute, won=True)
    deliver_events(fake)
    work_off(later=LATER)
    assert (state(letter), refunds_of(letter), len(lob.standing())) == (("submitted", ""), [], 1)


def test_money_that_is_restored_does_not_undo_another_reason_to_stop(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.CUT)
    work_off()
    _let_go(Dossier.objects.filter(pk=letter.dossier_id))
    assert again(letter).stop_reason == "handed_over"
    dispute = contest(fake, letter)
    fake.reinstate_funds(dispute)
    fake.close_dispute(dispute, won=True)
    deliver_events(fake)
    Delivery.objects.update(handed_over_at=timezone.now() - timedelta(minutes=11))
    work_off(later=LATER)
    assert (state(letter), lob.standing()) == (("failed", "handed_over"), [])


def test_money_that_goes_back_before_the_letter_is_asked_for_ends_it(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    fake.refund(Order.objects.get(pk=letter.order_id).payment_ref)
    deliver_events(fake)
    assert (state(letter), refunds_of(letter)) == (("failed", "payment_withdrawn"), [])
    work_off(later=LATER)
    assert lob.letters == {}


def test_a_vessel_that_is_handed_over_takes_the_waiting_letters_along(phone, owner, lob, fake):
    letter = paid_letter(phone, owner, fake)
    _let_go(Dossier.objects.filter(pk=letter.dossier_id))
    assert (state(letter), refunds_of(letter)) == (("failed", "handed_over"), ["open"])


def test_what_is_on_its_way_is_not_stopped(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    lob.advance(letter.provider_ref, "letter.mailed")
    work_off(later=LATER)
    stop_letter(letter.pk, DeliveryFailure.CANCELLED)
    assert (again(letter).status, again(letter).stop_reason) == ("in_transit", "")


# --- followed --------------------------------------------------------------------------------------------------------
def test_a_letter_is_followed_without_any_event(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    assert again(letter).due_at > timezone.now() + timedelta(hours=23)
    lob.advance(letter.provider_ref, "letter.mailed")
    work_off(later=LATER)
    assert again(letter).status == "in_transit"
    assert service_money(letter.order_id).is_delivered
    lob.advance(letter.provider_ref, "letter.delivered")
    work_off(later=LATER)
    assert (state(letter), again(letter).address, refunds_of(letter)) == (("delivered", ""), None, [])
    assert notified("dossier_delivered") == 1
    assert due_letters() == []


def test_a_letter_that_comes_back_was_printed_and_is_not_refunded(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    lob.advance(letter.provider_ref, "letter.returned_to_sender")
    work_off(later=LATER)
    assert (state(letter), refunds_of(letter), again(letter).address) == (("returned", "undeliverable"), [], None)
    assert notified("dossier_delivery_failed") == 1


def test_a_letter_that_is_not_printed_is_refunded(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    lob.advance(letter.provider_ref, "letter.failed")
    work_off(later=LATER)
    assert (state(letter), refunds_of(letter)) == (("failed", "not_printed"), ["open"])


def test_a_letter_that_is_cancelled_in_the_account_of_the_service_is_refunded(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    letters.letter_service().cancel(letter.provider_ref)
    work_off(later=LATER)
    assert (state(letter), refunds_of(letter)) == (("failed", "cancelled"), ["open"])


def test_a_letter_that_its_service_does_not_know_is_kept_for_staff(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    lob.letters.clear()
    work_off(later=LATER)
    assert (again(letter).status, refunds_of(letter)) == ("submitted", [])


def test_an_address_whose_letter_nobody_reports_is_deleted(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    apply_retention()
    assert again(letter).address is not None
    Delivery.objects.update(submitted_at=timezone.now() - timedelta(days=61))
    apply_retention()
    assert again(letter).address is None
    assert service_money(letter.order_id).is_delivered
    Delivery.objects.update(due_at=timezone.now())
    assert due_letters() == [], "it is not followed for ever"


def test_every_paid_letter_has_one_refund_at_most(phone, owner, lob, fake):
    letter = accepted(phone, owner, fake)
    lob.advance(letter.provider_ref, "letter.failed")
    work_off(later=LATER)
    refund_service(letter.order_id, cause=endings.NOT_POSTED)
    assert RefundRequest.objects.count() == 1


def test_no_log_and_no_error_names_the_address(phone, owner, lob, fake, caplog):
    letter = paid_letter(phone, owner, fake)
    lob.fail(Fault.CUT)
    work_off()
    work_off(later=LATER)
    lob.advance(again(letter).provider_ref, "letter.failed")
    work_off(later=LATER)
    assert "King" not in caplog.text
    assert "Harbour" not in caplog.text
    assert "King" not in again(letter).last_error
