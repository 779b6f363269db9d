"""Test that staff resolve differences between the providers' books and ours, and only read days and payouts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import StaffAction
from billing import reconciliation
from billing.errors import FindingSettled
from billing.ledger import journal
from billing.ledger.journal import Transfer
from billing.models import LedgerEntry
from billing.vocabulary import Account, EntryKind, FindingKind
from tests.billing.admin.states import HOSTILE, compared, finding, payout

pytestmark = pytest.mark.django_db
LIST = "/admin/billing/finding/"


def page(row):
    return f"{LIST}{row.pk}/change/"


def settle(client, row, reason="booked late, by us"):
    return client.post(f"{LIST}{row.pk}/act/settle/", {"reason": reason}, follow=True)


def test_a_difference_is_settled_with_its_resolution(desk, staff):
    row = finding()
    assert "/act/settle/" in desk.get(page(row)).content.decode()
    assert "The difference is settled." in settle(desk, row).content.decode()
    row.refresh_from_db()
    assert (row.settled_by, row.resolution, row.settled_at is not None) == (staff, "booked late, by us", True)
    action = StaffAction.objects.get()
    assert (action.staff, action.action, action.reason, action.subject_id) == (
        staff,
        "settle",
        row.resolution,
        str(row.pk),
    )
    assert not LedgerEntry.objects.exists()


def test_a_settled_difference_is_not_settled_again(desk, staff):
    row = finding()
    settle(desk, row)
    assert "/act/" not in desk.get(page(row)).content.decode()
    assert "already settled" in settle(desk, row, "another").content.decode()
    with pytest.raises(FindingSettled):
        reconciliation.resolve(row.pk, staff=staff, resolution="another")
    row.refresh_from_db()
    assert (row.resolution, StaffAction.objects.count()) == ("booked late, by us", 1)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_blank_reason_settles_nothing(desk, reason):
    row = finding()
    assert settle(desk, row, reason).context["form"].errors["reason"]
    row.refresh_from_db()
    assert row.settled_at is None
    assert not StaffAction.objects.exists()


def test_an_onlooker_can_settle_nothing(onlooker):
    row = finding()
    assert onlooker.get(f"{LIST}{row.pk}/act/settle/").status_code == 403
    assert settle(onlooker, row).status_code == 403
    assert "/act/" not in onlooker.get(page(row)).content.decode()
    assert not StaffAction.objects.exists()


def test_open_differences_come_first_and_can_be_filtered(desk):
    today = timezone.now().date()
    old, new = finding(day=today - timedelta(days=3)), finding(kind=FindingKind.NOT_IN_LEDGER)
    done = finding(day=today)
    settle(desk, done)
    assert list(desk.get(LIST).context["cl"].result_list) == [new, old, done]
    for query, expected in (
        ({"settled": "no"}, {new, old}),
        ({"settled": "yes"}, {done}),
        ({"kind__exact": "missing_here"}, {new}),
        ({"provider__exact": "play_store"}, set()),
        ({"day__year": old.day.year, "day__month": old.day.month, "day__day": old.day.day}, {old}),
        ({"q": old.ref}, {old}),
    ):
        assert set(desk.get(LIST, query).context["cl"].queryset) == expected, query


def test_the_page_of_a_day_shows_its_totals_and_differences(support):
    row, day = finding(ref=HOSTILE, detail=HOSTILE), compared(provider_totals={"EUR": 4800, HOSTILE: 1})
    for address in (f"/admin/billing/reconciliation/{day.pk}/change/", page(row), LIST):
        text = support.get(address).content.decode()
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text
    text = support.get(f"/admin/billing/reconciliation/{day.pk}/change/").content.decode()
    assert "48.00 EUR" in text
    assert page(row) in text


def test_payouts_can_be_filtered_by_day(support):
    first, second = payout(), payout(arrives_on=timezone.now().date() - timedelta(days=40))
    answer = support.get("/admin/billing/payout/")
    assert list(answer.context["cl"].result_list) == [first, second]
    assert "1234.56 EUR" in answer.content.decode()
    day = second.arrives_on
    sent = {"arrives_on__year": day.year, "arrives_on__month": day.month, "arrives_on__day": day.day}
    assert list(support.get("/admin/billing/payout/", sent).context["cl"].result_list) == [second]


def test_postings_without_an_owner_have_a_separate_running_balance(support, owner):
    for amount, whose in ((500, None), (70, owner), (200, None)):
        move = Transfer(amount, "EUR", Account.CASH, Account.BANK)
        journal.post(EntryKind.PAYOUT, source=f"payout:{uuid4()}", owner=whose, transfers=[move])
    listed = support.get("/admin/billing/ledgerentry/", {"account__exact": "bank"}).context["cl"].result_list
    assert [(row.amount, row.running) for row in listed] == [(200, 700), (70, 70), (500, 500)]


def test_a_superuser_cannot_change_a_difference(boss):
    for path, row in (("finding", finding()), ("reconciliation", compared()), ("payout", payout())):
        for action in (f"{row.pk}/change/", f"{row.pk}/delete/", "add/"):
            assert boss.post(f"/admin/billing/{path}/{action}", {"post": "yes"}).status_code == 403
