"""Test what happens at the same moment: requests of one owner, workers on one row, and deletions between them."""

from functools import partial

import pytest
from django.db import connection, connections

from accounts.models import User
from dossiers.deliveries import mails, requests
from dossiers.deliveries.reports import note_view
from dossiers.drafts.changes import change_draft
from dossiers.lifecycle import finalising, rendering
from dossiers.lifecycle.deletion import delete_dossier
from dossiers.models import Delivery, Dossier, Share
from dossiers.shares.viewing import count_view
from inspections.lifecycle import failures
from notifications.models import Notification
from testing.dossiers import draft_of, eligible_inspection, final_of
from tests.concurrency import MeetingPoint, at_once

pytestmark = pytest.mark.django_db(transaction=True)
ON_POSTGRES_ONLY = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite runs one IMMEDIATE transaction at a time, so there one thread cannot act during another's",
)


def send_eight(owner: User, dossier: Dossier) -> list[object]:
    turns = iter(range(8))
    return at_once(8, lambda: requests.send_by_mail(owner=owner, dossier_id=dossier.pk, to=f"a{next(turns)}@x.org"))


def test_eight_mails_at_once_are_five(owner):
    answers = send_eight(owner, final_of(owner))
    assert answers.count("RATE_LIMITED") == 3
    assert Delivery.objects.count() == Share.objects.count() == 5


@ON_POSTGRES_ONLY
def test_without_the_lock_more_are_sent(owner, monkeypatch):
    """The control."""
    final = final_of(owner)
    monkeypatch.setattr(requests, "lock_shareable", lambda **_: final)
    monkeypatch.setattr(requests, "_refuse_beyond_limit", MeetingPoint(8).after(requests._refuse_beyond_limit))
    send_eight(owner, final)
    assert Delivery.objects.count() > 5


def test_a_draft_is_rendered_once_however_often_it_is_asked_for(owner, renderer):
    dossier = draft_of(owner)
    at_once(6, partial(finalising.finalise, owner=owner, dossier_id=dossier.pk))
    at_once(6, rendering.render_next)
    dossier.refresh_from_db()
    assert (dossier.status, len(renderer.contents)) == ("final", 1)
    assert Notification.objects.filter(kind="dossier_ready").count() == 1


@ON_POSTGRES_ONLY
def test_without_the_claim_several_workers_render_it_and_one_finishes(owner, renderer, monkeypatch):
    """The control: the compare-and-set at the end still lets only one through."""
    dossier = draft_of(owner)
    finalising.finalise(owner=owner, dossier_id=dossier.pk)

    def claimed_by_all(*_: object, **__: object) -> Dossier:
        return Dossier.objects.get(pk=dossier.pk)

    monkeypatch.setattr(rendering, "claim_next", claimed_by_all)
    renderer.meanwhile = MeetingPoint(4).wait
    at_once(4, rendering.render_next)
    dossier.refresh_from_db()
    assert (dossier.status, len(renderer.contents)) == ("final", 4)
    assert Notification.objects.filter(kind="dossier_ready").count() == 1


def test_of_two_that_become_final_at_once_one_supersedes_the_other(owner, renderer):
    drafts = [draft_of(owner), draft_of(owner)]
    for draft in drafts:
        finalising.finalise(owner=owner, dossier_id=draft.pk)
    renderer.meanwhile = MeetingPoint(2).wait
    at_once(2, rendering.render_next)
    older, newer = Dossier.objects.order_by("dated_at")
    assert {older.status, newer.status} == {"final"}
    assert (older.superseded_by_id, newer.superseded_by_id) == (newer.pk, None)


def test_deleting_an_inspection_while_it_is_rendered_leaves_no_final_dossier(owner, renderer):
    inspection = eligible_inspection(owner)
    dossier = draft_of(owner, inspection)
    finalising.finalise(owner=owner, dossier_id=dossier.pk)
    both = MeetingPoint(2)
    renderer.meanwhile = both.wait
    turns = iter(("a worker", "the owner"))

    def act() -> None:
        if next(turns) == "a worker":
            rendering.render_next()
        else:
            both.wait()
            failures.delete(inspection)

    at_once(2, act)
    dossier.refresh_from_db()
    assert dossier.status in ("draft", "revoked")


def test_changing_and_making_final_at_once_never_changes_what_is_final(owner, renderer):
    dossier = draft_of(owner, statement="0")
    turns = iter(range(8))

    def act() -> None:
        number = next(turns)
        if number == 4:
            finalising.finalise(owner=owner, dossier_id=dossier.pk)
            rendering.render_next()
        else:
            change_draft(owner=owner, dossier_id=dossier.pk, changes={"statement": str(number)})

    at_once(8, act)
    dossier.refresh_from_db()
    (content,) = renderer.contents
    assert content.statement is not None
    assert (dossier.status, dossier.statement) == ("final", content.statement.text)


def test_deleting_and_sharing_at_once_leave_no_open_share(owner):
    final = final_of(owner)
    turns = iter(range(6))

    def act() -> None:
        if next(turns) % 2:
            delete_dossier(owner=owner, dossier_id=final.pk)
        else:
            requests.send_by_mail(owner=owner, dossier_id=final.pk, to="a@example.org")

    at_once(6, act)
    assert not Share.objects.open().exists()


def test_two_workers_send_a_mail_once(owner, mailoutbox):
    delivery = requests.send_by_mail(owner=owner, dossier_id=final_of(owner).pk, to="a@example.org")
    at_once(4, partial(mails.send, delivery.pk))
    assert len(mailoutbox) == 1


def test_every_view_counts_and_the_mail_is_delivered_once(owner):
    final = final_of(owner)
    delivery = requests.send_by_mail(owner=owner, dossier_id=final.pk, to="a@example.org")
    mails.send(delivery.pk)

    def view() -> None:
        count_view(Share.objects.get())
        note_view(Share.objects.get())

    at_once(6, view)
    assert Share.objects.get().views == 6
    assert Notification.objects.filter(kind="dossier_delivered").count() == 1
    connections.close_all()
