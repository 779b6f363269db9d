"""Test `manage.py replay_events`: the admin's action, for many events and from a shell."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError
from django.utils import timezone

from accounts.models import StaffAction
from billing.models import ProviderEvent
from billing.vocabulary import Provider
from tests.billing.admin.states import event
from tests.inspections.support.test_commands import run

pytestmark = pytest.mark.django_db
WHO = ("--staff", "staff@example.org", "--reason", "outage of 3 May")


def states(*rows) -> list[str]:
    return [ProviderEvent.objects.get(pk=row.pk).state for row in rows]


def test_dead_letters_are_replayed_with_their_records(staff, broker, django_capture_on_commit_callbacks):
    dead, done = event(), event("done")
    with django_capture_on_commit_callbacks(execute=True):
        text = run("replay_events", "--dead", *WHO)
    assert str(dead.pk) in text
    assert "was dead: KeyError: 'hull'" in text
    assert "1 event(s) will be processed again" in text
    assert states(dead, done) == ["waiting", "done"]
    assert broker == [("billing.tasks.deal_with_event", (str(dead.pk),))]
    action = StaffAction.objects.get()
    assert (action.staff, action.reason, action.subject_id) == (staff, "outage of 3 May", str(dead.pk))


def test_a_dry_run_only_lists_the_events(broker):
    dead = event()
    text = run("replay_events", "--dead", "--dry-run")
    assert str(dead.pk) in text
    assert "1 event(s) would be processed again" in text
    assert (states(dead), broker) == (["dead"], [])
    assert not StaffAction.objects.exists()


def test_events_can_be_chosen_by_id_and_others_are_named(staff):
    done, other, waiting, unknown = event("done"), event(), event("waiting"), uuid4()
    with pytest.raises(CommandError) as refused:
        run("replay_events", str(done.pk), str(waiting.pk), str(unknown), *WHO)
    assert str(waiting.pk) in str(refused.value)
    assert str(unknown) in str(refused.value)
    assert states(done, other) == ["waiting", "dead"]


def test_events_can_be_chosen_by_provider_and_time(staff):
    old, stores, wanted = event(), event(), event()
    yesterday = timezone.now() - timedelta(days=1)
    ProviderEvent.objects.filter(pk=old.pk).update(received_at=yesterday)
    ProviderEvent.objects.filter(pk=stores.pk).update(provider=Provider.APP_STORE)
    since = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    run("replay_events", "--dead", "--provider", "stripe", "--since", since, *WHO)
    assert states(old, stores, wanted) == ["dead", "dead", "waiting"]
    run("replay_events", "--since", yesterday.date().isoformat(), *WHO)
    assert states(old, stores, wanted) == ["waiting"] * 3


@pytest.mark.parametrize(
    "words",
    [
        (),
        WHO,
        ("nonsense", *WHO),
        ("--since", "yesterday", *WHO),
        ("--provider", "bank", *WHO),
        ("--dead",),
        ("--dead", "--staff", "staff@example.org", "--reason", "  "),
        ("--dead", "--staff", "nobody@example.org", "--reason", "why"),
    ],
)
def test_a_replay_needs_a_choice_a_colleague_and_a_reason(staff, words):
    dead = event()
    with pytest.raises(CommandError):
        run("replay_events", *words)
    assert states(dead) == ["dead"]
    assert not StaffAction.objects.exists()
