"""Test the mails of a handover: a code for each party, and one invitation for an address without an account."""

import smtplib
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from notifications.models import Notification
from testing.factories import UserFactory
from testing.phone import Phone
from tests.mail_server import MailServer
from tests.vessels.handovers.acts import (
    confirm,
    expire,
    handover,
    mail_codes,
    offer,
    offered,
    sweep,
    verified,
    vessel_of,
)
from vessels.handovers import codes
from vessels.models import HandoverCode

pytestmark = pytest.mark.django_db
UNKNOWN = "later@example.org"


def later(**period: float) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**period))


def verify(email: str) -> Phone:
    """Return an account that has just proven the address."""
    return verified(email=email)


def offer_to(seller: Phone, email: str) -> str:
    handover_id: str = offer(seller, vessel_of(seller).pk, email)["handover_id"]
    return handover_id


def mails_to(email: str) -> list[Any]:
    return [message for message in mail.outbox if message.to == [email]]


def test_both_parties_get_a_code_of_their_own(seller, buyer):
    handover_id, mailed = offered(seller, buyer, vessel_of(seller).pk)
    assert set(mailed) == {"seller@example.org", "buyer@example.org"}
    assert HandoverCode.objects.filter(handover=handover_id, sent_at=None).count() == 0
    for row in HandoverCode.objects.all():
        assert row.code_hash not in mailed.values()
    assert not any(code in str(vars(row)) for row in HandoverCode.objects.all() for code in mailed.values())


def test_a_mailed_code_is_not_mailed_again(seller, buyer):
    offered(seller, buyer, vessel_of(seller).pk)
    with later(hours=2):
        sweep()
    assert len(mail.outbox) == 2


def test_no_mail_names_the_seller_or_the_vessel(seller, buyer):
    handover_id = offer(seller, vessel_of(seller, "Wilhelmine").pk, buyer.owner.email)["handover_id"]
    mail_codes(handover_id)
    mail_codes(offer(seller, vessel_of(seller, "Wilhelmine B").pk, UNKNOWN)["handover_id"])
    for message in [*mails_to("buyer@example.org"), *mails_to(UNKNOWN)]:
        assert "Wilhelmine" not in message.subject + message.body
        assert "seller@" not in message.subject + message.body


@pytest.mark.parametrize("account", ["none", "unverified"])
def test_an_address_without_a_proven_account_gets_one_invitation(seller, account):
    if account == "unverified":
        UserFactory.create(email=UNKNOWN)
    handover_id = offer_to(seller, UNKNOWN)
    for _ in range(3):
        mail_codes(handover_id)
        with later(minutes=30):
            sweep()
    [invitation] = mails_to(UNKNOWN)
    assert "invitation" in invitation.subject
    assert handover(handover_id).invited_at is not None
    assert Notification.objects.count() == 0


def test_the_offer_waits_for_the_account_of_its_address(seller):
    handover_id = offer_to(seller, UNKNOWN)
    [own_code] = mail_codes(handover_id).values()
    confirm(seller, handover_id, own_code)
    with later(hours=1):
        sweep()
        late = verify(UNKNOWN)
        assert [row["handover_id"] for row in late.fetch("/handovers")["results"]] == [handover_id]
        sweep()
        assert handover(handover_id).buyer == late.owner
        code = mails_to(UNKNOWN)[-1].body.split("accept it is ")[1].split()[0]
        assert confirm(late, handover_id, code).json()["status"] == "completed"


def test_the_offer_is_bound_to_the_account_that_was_found(seller, buyer):
    handover_id, _ = offered(seller, buyer, vessel_of(seller).pk)
    User.objects.filter(pk=buyer.owner.pk).update(email="moved@example.org")
    other = verify("buyer@example.org")
    assert other.fetch("/handovers")["results"] == []
    assert buyer.fetch(f"/handovers/{handover_id}")["role"] == "buyer"


def test_an_offer_to_the_address_that_the_seller_takes_later_finds_no_buyer(seller):
    handover_id = offer_to(seller, UNKNOWN)
    User.objects.filter(pk=seller.owner.pk).update(email=UNKNOWN)
    mail_codes(handover_id)
    sweep()
    assert handover(handover_id).buyer is None


def test_a_worker_that_is_killed_before_the_mail_makes_another_code(seller, buyer, monkeypatch):
    handover_id = offer_to(seller, buyer.owner.email)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("vessels.handovers.codes.send_mail", killed)
        for code_id in codes.codes_of(UUID(handover_id)):
            with pytest.raises(KeyboardInterrupt):
                codes.send_code(code_id)
    assert mail_codes(handover_id) == {}  # for a minute, another worker may still be mailing
    with later(minutes=2):
        mailed = mail_codes(handover_id)
        assert set(mailed) == {"seller@example.org", "buyer@example.org"}
        assert confirm(buyer, handover_id, mailed["buyer@example.org"]).status_code == 200


def test_two_workers_at_once_mail_one_code(seller, buyer):
    handover_id = offer_to(seller, buyer.owner.email)
    [*ids] = codes.codes_of(UUID(handover_id))
    for code_id in (*ids, *ids):
        codes.send_code(code_id)
    assert len(mail.outbox) == 2


def test_a_hanging_mail_server_costs_no_code_and_no_invitation(seller, mail_server):
    handover_id = offer_to(seller, UNKNOWN)
    MailServer.opens = smtplib.SMTPServerDisconnected()
    mail_codes(handover_id)
    assert (mail.outbox, handover(handover_id).invited_at) == ([], None)
    MailServer.opens = None
    with later(minutes=2):
        sweep()
    assert sorted(message.to[0] for message in mail.outbox) == [UNKNOWN, "seller@example.org"]


def test_an_invitation_of_unknown_outcome_is_not_repeated(seller, mail_server):
    handover_id = offer_to(seller, UNKNOWN)
    MailServer.after = smtplib.SMTPServerDisconnected()
    mail_codes(handover_id)
    MailServer.after = None
    with later(minutes=5):
        sweep()
    assert len(mails_to(UNKNOWN)) == 1


def test_an_address_gets_only_so_many_invitations_a_day(seller, settings):
    settings.HANDOVERS_PER_DAY = 2
    ids = []
    for number in range(3):
        other = verified()
        ids.append(offer(other, vessel_of(other, f"Tern {number}").pk, UNKNOWN)["handover_id"])
        mail_codes(ids[-1])
    assert len(mails_to(UNKNOWN)) == 2
    assert len(verify(UNKNOWN).fetch("/handovers")["results"]) == 3


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_nothing_more_is_mailed_of_an_offer_that_is_over(seller, buyer, end):
    handover_id = offer_to(seller, buyer.owner.email)
    if end == "cancel":
        seller.send(f"/handovers/{handover_id}/cancel")
    else:
        expire(handover_id)
    assert mail_codes(handover_id) == {}
    sweep()
    assert mail.outbox == []
