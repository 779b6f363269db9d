"""Test the inbox: dead letters first, shown as received, and replayed with a reason."""

import json
from uuid import UUID

import pytest

from accounts.models import StaffAction
from billing.admin.inbox import readable
from billing.inbox import events
from billing.ledger import journal
from billing.models import ProviderEvent
from billing.vocabulary import Account, EntryKind, EventState
from testing.web_purchases import selling
from tests.billing.admin.states import HOSTILE, about_payment, bought_on_the_web, event

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/providerevent/"


def page(row):
    return f"{LIST}{row.pk}/change/"


def replay(client, row, reason="the fault is mended"):
    return client.post(f"{LIST}{row.pk}/act/replay/", {"reason": reason}, follow=True)


def replay_many(client, rows, **fields):
    chosen = {"action": "replay_many", "_selected_action": [str(row.pk) for row in rows]}
    return client.post(LIST, chosen | fields, follow=True)


def states(*rows) -> list[str]:
    return [ProviderEvent.objects.get(pk=row.pk).state for row in rows]


def test_dead_letters_come_first_and_can_be_filtered(support):
    rows = [event(state) for state in ("done", "dead", "waiting", "dead", "done")]
    listed = support.get(LIST).context["cl"].result_list
    assert [row.state for row in listed] == ["dead", "dead", "done", "done", "waiting"]
    dead = support.get(LIST, {"state__exact": "dead"}).context["cl"].result_list
    assert {row.pk for row in dead} == {rows[1].pk, rows[3].pk}
    assert "KeyError" in support.get(LIST).content.decode()


def test_a_search_finds_an_event_by_its_id_and_its_subject(support):
    match = event(ref="pi_42")
    event(ref="pi_43")
    for name in (match.event_id, "pi_42"):
        assert list(support.get(LIST, {"q": name}).context["cl"].queryset) == [match]


def test_a_dead_letter_is_replayed_and_processed(
    desk, staff, owner, settings, broker, django_capture_on_commit_callbacks
):
    with selling(settings) as fake:
        order = bought_on_the_web(owner, fake)
        letter = about_payment(order)
        fake.refund(order.payment_ref)
        with django_capture_on_commit_callbacks(execute=True):
            assert "The event is queued again." in replay(desk, letter).content.decode()
        assert broker == [("billing.tasks.deal_with_event", (str(letter.pk),))]
        events.process_event(UUID(broker[0][1][0]))
    order.refresh_from_db()
    assert (states(letter), order.status) == (["done"], "refunded")
    assert journal.posted_amount(EntryKind.REFUND, order=order, account=Account.CASH) == -order.price_minor
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.reason) == (staff, "replay", "the fault is mended")
    assert action.detail == {"state": "dead", "attempts": 5, "error": "KeyError"}, "the rest may name somebody"
    assert "the fault is mended" in desk.get(page(letter)).content.decode()


def test_a_done_event_can_be_replayed_and_a_waiting_one_cannot(desk):
    done, waiting = event("done"), event("waiting")
    assert replay(desk, done).status_code == 200
    assert states(done) == ["waiting"]
    for row in (done, waiting):
        assert "/act/replay/" not in desk.get(page(row)).content.decode()
        assert "This event is already queued." in replay(desk, row).content.decode()
    assert StaffAction.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_blank_reason_replays_nothing(desk, reason):
    letter = event()
    assert replay(desk, letter, reason).context["form"].errors["reason"]
    assert replay_many(desk, [letter], reason=reason).context["form"].errors["reason"]
    assert states(letter) == ["dead"]
    assert not StaffAction.objects.exists()


def test_one_reason_replays_many_events_and_records_each(desk, broker, django_capture_on_commit_callbacks):
    dead, done, waiting, other = event(), event("done"), event("waiting"), event()
    answer = replay_many(desk, [dead, done, waiting])
    text = answer.content.decode()
    assert "3 events" in text
    assert states(dead, done, other) == ["dead", "done", "dead"]
    for carried in ('name="action" value="replay_many"', f'name="_selected_action" value="{dead.pk}"'):
        assert carried in text
    with django_capture_on_commit_callbacks(execute=True):
        answer = replay_many(desk, [dead, done, waiting], reason="outage of 3 May")
    assert "2 queued again; 1 were queued already." in answer.content.decode()
    assert states(dead, done, waiting, other) == ["waiting", "waiting", "waiting", "dead"]
    assert {args[0] for _, args in broker} == {str(dead.pk), str(done.pk)}
    assert list(StaffAction.objects.values_list("action", "reason")) == [("replay", "outage of 3 May")] * 2


def test_a_replay_of_all_events_respects_the_filter(desk):
    rows = [event() for _ in range(3)]
    done = event("done")
    sent = {
        "action": "replay_many",
        "_selected_action": str(rows[0].pk),
        "select_across": "1",
        "reason": "all of them",
    }
    assert desk.post(f"{LIST}?state__exact=dead", sent).status_code == 302
    assert states(*rows, done) == ["waiting"] * 3 + ["done"]


def test_an_onlooker_can_replay_nothing(onlooker):
    letter = event()
    assert onlooker.get(f"{LIST}{letter.pk}/act/replay/").status_code == 403
    assert replay(onlooker, letter).status_code == 403
    assert replay_many(onlooker, [letter], reason="why").status_code == 403
    for text in (onlooker.get(page(letter)).content.decode(), onlooker.get(LIST).content.decode()):
        assert "replay" not in text
    assert states(letter) == ["dead"]
    assert not StaffAction.objects.exists()


def test_replaying_is_the_only_action_on_the_list(boss):
    event()
    assert [name for name, _ in boss.get(LIST).context["action_form"].fields["action"].choices] == ["", "replay_many"]
    letter = event()
    chosen = {"action": "delete_selected", "_selected_action": [str(letter.pk)], "post": "yes"}
    boss.post(LIST, chosen)
    assert ProviderEvent.objects.count() == 2


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"id": HOSTILE, HOSTILE: [HOSTILE]}).encode(),
        HOSTILE.encode(),
        b"\xff\xfe\x00<script>",
        b"[" * 100_000,
        b'{"lone": "\\ud800", "tag": "<script>"}',
        b"9" * 5000,
        b"",
    ],
)
def test_a_body_is_shown_as_text(support, body):
    row = event(body=body, kind=HOSTILE[:100], ref=HOSTILE)
    ProviderEvent.objects.filter(pk=row.pk).update(error=HOSTILE, headers={HOSTILE: HOSTILE})
    for address in (page(row), LIST):
        answer = support.get(address)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert HOSTILE not in text
        assert "<script>\ufffd" not in text
        assert "&lt;script&gt;" in text


def test_json_is_indented_and_readable():
    assert readable('{"name":"Ægir","n":1}'.encode()) == '{\n  "name": "Ægir",\n  "n": 1\n}'
    assert readable(b"\xffnot json") == "\ufffdnot json"


def test_the_dead_state_sorts_first():
    assert min(EventState.values()) == EventState.DEAD_LETTER
