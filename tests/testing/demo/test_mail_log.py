"""Test that the demo finds a mail, its code and its attachment in the log of its server."""

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend

from testing.demo import mail_log
from testing.demo.mail_log import MailLog, attached
from testing.demo.owner import WalkthroughFailed

SUBJECT = "Your Maretech code"
CALENDAR = "BEGIN:VCALENDAR\r\nSUMMARY:Petra Ölund\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def log(tmp_path, monkeypatch) -> MailLog:
    monkeypatch.setattr(mail_log, "PATIENCE_SECONDS", 0.05)
    (tmp_path / "serve.log").touch()
    return MailLog(tmp_path / "serve.log")


def write(log, *mails) -> None:
    with log.log.open("a") as stream:
        stream.write("12:59:40 [info     ] request  [maretech.access] status=200\n")
        EmailBackend(stream=stream).send_messages(mails)


def mail(code, to="owner@example.org", subject=SUBJECT):
    return EmailMessage(subject, f"Your code is {code}\n\nIt works once.", to=[to])


def test_the_latest_code_of_an_address_counts(log):
    write(log, mail("111111"), mail("222222"), mail("333333", to="buyer@example.org"))
    assert log.code_for("owner@example.org", SUBJECT) == "222222"
    assert log.code_for("buyer@example.org", SUBJECT) == "333333"


def test_a_code_of_another_purpose_does_not_count(log):
    write(log, mail("111111", subject="Your Maretech code to hand a vessel over"), mail("222222"))
    assert log.code_for("owner@example.org", "Your Maretech code to hand") == "111111"


def test_a_mail_that_is_still_being_written_does_not_count(log):
    write(log, mail("111111"))
    log.log.write_text(log.log.read_text().rpartition("-----")[0])
    assert log.mails() == []
    with pytest.raises(TimeoutError, match="no mail to owner"):
        log.code_for("owner@example.org", SUBJECT)


def test_a_mail_without_a_code_is_no_code(log):
    write(log, mail("nothing"))
    with pytest.raises(WalkthroughFailed):
        log.code_for("owner@example.org", SUBJECT)


def test_an_attachment_is_read(log):
    invitation = mail("nothing", subject="Your appointment")
    invitation.attach("appointment.ics", CALENDAR.encode(), "text/calendar; charset=utf-8; method=PUBLISH")
    write(log, mail("111111"), invitation)
    found = log.wait_for("owner@example.org", "Your appointment")
    assert attached(found, "text/calendar").splitlines() == CALENDAR.splitlines()
    assert attached(found, "application/pdf") is None
