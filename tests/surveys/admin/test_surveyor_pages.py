"""Test the pages of surveyors, places and slots: what staff enter, what is refused, and the record of it."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import Permission

from accounts.models import StaffAction
from billing.models import Payee
from billing.payees.register import register_payee
from surveys.models import Place, Slot, Surveyor
from testing.factories import UserFactory
from testing.surveys import held_of, place_of, slot_of, surveyor_in

pytestmark = pytest.mark.django_db
ADD = "/admin/surveys/surveyor/add/"
REASON = {"reason": "as agreed on the phone"}
PROFILE: dict[str, Any] = {
    "name": "Petra Holm",
    "modes": ["osmosis", "corrosion"],
    "regions": "Kieler Förde\n\n Schlei ",
    "qualifications": "",
    "languages": "de\nen",
}
PAID = {"country": "DE", "currency": "EUR", "account_ref": "acct_1"}


@pytest.fixture
def cashier(staff, desk):
    """May also register payees, which support may not."""
    staff.user_permissions.add(*Permission.objects.filter(codename__in=("add_payee", "add_surveyor")))
    return desk


def act(client, row, name: str, /, **data):
    table = row._meta.model_name
    return client.post(f"/admin/surveys/{table}/{row.pk}/act/{name}/", {**REASON, **data}, follow=True)


def page(client, row) -> str:
    answer = client.get(f"/admin/surveys/{row._meta.model_name}/{row.pk}/change/")
    assert answer.status_code == 200
    return answer.content.decode()


def errors_of(answer) -> dict[str, list[str]]:
    return answer.context["form"].errors


def test_a_user_is_registered_as_a_surveyor_and_as_a_payee(cashier, staff, owner):
    assert cashier.get(ADD).status_code == 200
    answer = cashier.post(ADD, {"email": owner.email.upper(), **PROFILE, **PAID, **REASON}, follow=True)
    row = Surveyor.objects.get()
    assert answer.redirect_chain == [(f"/admin/surveys/surveyor/{row.pk}/change/", 302)]
    assert b"is a surveyor." in answer.content
    assert (row.user, row.name, row.modes) == (owner, "Petra Holm", ["osmosis", "corrosion"])
    assert (row.regions, row.qualifications, row.languages) == (["Kieler Förde", "Schlei"], [], ["de", "en"])
    payee = Payee.objects.get()
    assert (payee.user, payee.country, payee.currency, payee.account_ref) == (owner, "DE", "EUR", "acct_1")
    record = StaffAction.objects.get()
    assert (record.staff, record.action, record.subject_id) == (staff, "register_surveyor", str(row.pk))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "unknown@example.org"),
        ("name", ""),
        ("modes", ["rust"]),
        ("modes", []),
        ("country", "Germany"),
        ("currency", "€"),
        ("reason", " "),
    ],
)
def test_a_wrong_entry_is_an_error_of_its_field(cashier, owner, field, value):
    answer = cashier.post(ADD, {"email": owner.email, **PROFILE, **PAID, **REASON, field: value})
    assert set(errors_of(answer)) == {field}
    assert not Surveyor.objects.exists()
    assert not StaffAction.objects.exists()


def test_a_surveyor_is_registered_once(cashier, surveyor):
    answer = cashier.post(ADD, {"email": surveyor.user.email, **PROFILE, **PAID, **REASON})
    assert errors_of(answer)["__all__"] == ["This user is a surveyor already."]


def test_an_account_at_the_provider_belongs_to_one_payee(cashier, owner):
    surveyor_in(account_ref="acct_1")
    answer = cashier.post(ADD, {"email": owner.email, **PROFILE, **PAID, **REASON})
    assert set(errors_of(answer)) == {"account_ref"}
    assert not Surveyor.objects.filter(user=owner).exists()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [("country", "NL", "DE"), ("currency", "USD", "EUR"), ("account_ref", "acct_2", "acct_1")],
)
def test_a_payee_is_not_registered_with_other_values(cashier, owner, field, value, kept):
    register_payee(user=owner, **PAID)
    answer = cashier.post(ADD, {"email": owner.email, **PROFILE, **PAID, **REASON, field: value})
    (error,) = errors_of(answer)[field]
    assert error == f"This user is a payee already, with {kept}: enter the same, or change the payee first."
    assert not Surveyor.objects.exists()
    assert not StaffAction.objects.exists()
    assert getattr(Payee.objects.get(), field) == kept


@pytest.mark.parametrize("account_ref", ["acct_1", ""])
def test_a_payee_is_registered_with_the_same_values(cashier, owner, account_ref):
    payee = register_payee(user=owner, **PAID)
    cashier.post(ADD, {"email": owner.email, **PROFILE, **PAID, **REASON, "account_ref": account_ref})
    assert Surveyor.objects.get().user == owner
    assert Payee.objects.get() == payee
    assert Payee.objects.get().account_ref == "acct_1"


def test_a_payee_without_an_account_gets_none_by_registering(cashier, owner):
    register_payee(user=owner, country="DE", currency="EUR")
    answer = cashier.post(ADD, {"email": owner.email, **PROFILE, **PAID, **REASON})
    assert "with none" in errors_of(answer)["account_ref"][0]


def test_lists_of_a_surveyor_are_shown_as_words(desk, surveyor):
    surveyor.regions = ["Kieler Förde", "Schlei"]
    surveyor.modes = ["osmosis", "corrosion"]
    surveyor.save()
    for shown in (desk.get("/admin/surveys/surveyor/").content.decode(), page(desk, surveyor)):
        assert "Osmosis, Corrosion" in shown
        assert "Kieler Förde, Schlei" in shown
        assert "[" not in re.sub(r"<script.*?</script>", "", shown, flags=re.DOTALL)


def test_a_changed_profile_is_recorded_without_its_values(desk, surveyor):
    form = desk.get(f"/admin/surveys/surveyor/{surveyor.pk}/act/change/").content.decode()
    assert "Kieler Förde" in form
    changed = PROFILE | {"name": "Petra Sommer", "regions": "Kieler Förde", "languages": "de"}
    answer = act(desk, surveyor, "change", **changed)  # a box that is not ticked is not sent
    assert b"Change the profile: done." in answer.content
    surveyor.refresh_from_db()
    assert (surveyor.name, surveyor.is_listed) == ("Petra Sommer", False)
    assert StaffAction.objects.get().detail == {"changed": ["is_listed", "name"]}
    again = act(desk, surveyor, "change", **changed)
    assert errors_of(again)["__all__"] == ["No change: these are the current values."]
    assert StaffAction.objects.count() == 1


def test_a_place_is_added_with_its_zone(desk, surveyor):
    act(desk, surveyor, "add_place", name="Boatyard Schmidt", time_zone="Europe/Copenhagen")
    place = Place.objects.get(name="Boatyard Schmidt")
    assert (place.surveyor, place.time_zone) == (surveyor, "Europe/Copenhagen")
    assert StaffAction.objects.get().detail == {"place": str(place.pk)}
    assert f"/admin/surveys/place/{place.pk}/change/" in page(desk, surveyor)
    refused = act(desk, surveyor, "add_place", name="Elsewhere", time_zone="Kiel")
    assert set(errors_of(refused)) == {"time_zone"}


def pattern(**changes: Any) -> dict[str, Any]:
    """Return two Tuesdays with two times each."""
    return {
        "first_day": "2026-11-23",
        "last_day": "2026-12-06",
        "weekdays": ["1"],
        "first_start": "09:00",
        "count": "2",
        "length": "90",
        "gap": "30",
        "except_days": "",
        "skips_holidays": "on",
        "price": "180,00",
        **changes,
    }


def starts() -> list[datetime]:
    return list(Slot.objects.order_by("starts_at").values_list("starts_at", flat=True))


def test_slots_are_made_by_a_weekly_pattern_in_local_time(desk, surveyor):
    place = place_of(surveyor)
    assert b"4 slots are offered." in act(desk, place, "make_slots", **pattern()).content
    tuesdays = [datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)]
    assert starts() == [day + timedelta(hours=hour) for day in tuesdays for hour in (8, 10)]
    slot = Slot.objects.first()
    assert (slot.ends_at - slot.starts_at, slot.price_minor, slot.currency) == (timedelta(minutes=90), 18_000, "EUR")
    record = StaffAction.objects.get()
    assert (record.action, record.detail) == ("make_slots", {"made": 4, "overlapping": 0})


def test_times_that_overlap_with_offered_ones_are_left_out(desk, surveyor):
    place = place_of(surveyor)
    act(desk, place, "make_slots", **pattern())
    answer = act(desk, place, "make_slots", **pattern(first_start="09:30", count="3")).content.decode()
    assert "2 slots are offered. 4 overlap with offered times and were left out." in answer
    assert len(starts()) == 6


def test_times_that_reach_into_the_next_day_do_not_overlap(desk, surveyor):
    changes = {"weekdays": ["1", "2"], "last_day": "2026-11-25", "count": "24", "length": "120", "gap": "7"}
    act(desk, place_of(surveyor), "make_slots", **pattern(**changes))
    slots = list(Slot.objects.order_by("starts_at"))
    assert len(slots) > 24
    assert all(first.ends_at <= second.starts_at for first, second in pairwise(slots))


def test_holidays_and_exceptions_are_left_out(desk, surveyor):
    days = {"first_day": "2026-12-24", "last_day": "2026-12-28", "weekdays": list("0123456"), "count": "1"}
    act(desk, place_of(surveyor), "make_slots", **pattern(**days, except_days="2026-12-24"))
    assert [start.date() for start in starts()] == [date(2026, 12, 27), date(2026, 12, 28)]
    act(desk, place_of(surveyor), "make_slots", **pattern(**days) | {"skips_holidays": ""})
    assert len(starts()) == 5


def test_a_time_that_clocks_leave_out_is_not_offered(desk, surveyor):
    night = {"first_day": "2027-03-28", "last_day": "2027-03-28", "weekdays": ["6"], "first_start": "01:30"}
    act(desk, place_of(surveyor), "make_slots", **pattern(**night, count="3", length="60", gap="0", skips_holidays=""))
    assert starts() == [datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "0"),
        ("price", "180.005"),
        ("price", "21474836.48"),
        ("price", "-1"),
        ("price", "much"),
        ("price", ""),
        ("last_day", "2026-11-22"),
        ("last_day", "2027-12-31"),
        ("first_day", "0001-01-01"),
        ("weekdays", []),
        ("weekdays", ["7"]),
        ("length", "10"),
        ("count", "25"),
        ("first_start", "25:00"),
        ("except_days", "Christmas"),
        ("reason", ""),
    ],
)
def test_a_wrong_pattern_is_an_error_of_its_field(desk, surveyor, field, value):
    assert set(errors_of(act(desk, place_of(surveyor), "make_slots", **pattern() | {field: value}))) == {field}
    assert not Slot.objects.exists()


def test_a_pattern_of_a_day_far_away_is_an_error(desk, surveyor):
    far = pattern(first_day="9999-12-31", last_day="9999-12-31")
    assert set(errors_of(act(desk, place_of(surveyor), "make_slots", **far))) == {"last_day"}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (
            {"first_day": "2026-11-16", "last_day": "2026-11-16", "weekdays": ["0"], "count": "1"},
            "No time of this pattern lies in the future.",
        ),
        ({"last_day": "2027-11-20", "weekdays": list("0123456"), "count": "24", "length": "15", "gap": "0"}, "at most"),
    ],
)
def test_a_pattern_without_times_or_with_too_many_is_refused(desk, surveyor, changes, text):
    (error,) = errors_of(act(desk, place_of(surveyor), "make_slots", **pattern(**changes)))["__all__"]
    assert text in error
    assert not Slot.objects.exists()
    assert not StaffAction.objects.exists()


def test_a_surveyor_who_is_no_payee_offers_nothing(desk):
    row = Surveyor.objects.create(user=UserFactory.create(), name="Nils Brandt", modes=["osmosis"])
    place = Place.objects.create(surveyor=row, name="Hall 1", time_zone="Europe/Berlin")
    assert "/act/make_slots/" not in page(desk, place)
    assert b"no payee yet" in act(desk, place, "make_slots", **pattern()).content


def test_a_withdrawn_slot_keeps_its_appointment(desk, owner, surveyor):
    slot = slot_of(surveyor)
    row = held_of(owner, slot)
    assert b"Withdraw: done." in act(desk, slot, "withdraw").content
    slot.refresh_from_db()
    row.refresh_from_db()
    assert (slot.withdrawn_at is not None, row.status) == (True, "held")
    assert b"withdrawn already" in act(desk, slot, "withdraw").content
    assert StaffAction.objects.count() == 1


def test_the_list_of_slots_shows_which_are_taken(desk, owner, surveyor):
    taken, free = slot_of(surveyor), slot_of(surveyor, starts_in=timedelta(days=6))
    held_of(owner, taken)
    rows = desk.get("/admin/surveys/slot/").context["cl"].queryset
    assert {row.pk: row.taken for row in rows} == {taken.pk: True, free.pk: False}


@pytest.mark.parametrize("right", ["add_payee", "add_surveyor"])
def test_registering_a_surveyor_requires_the_right_for_payees_too(desk, staff, owner, right):
    staff.user_permissions.add(Permission.objects.get(codename=right))
    assert desk.get(ADD).status_code == 403
    assert desk.post(ADD, {"email": owner.email, **PROFILE, **PAID, **REASON}).status_code == 403
    assert not Surveyor.objects.exists()


def test_an_onlooker_may_keep_no_surveyor(onlooker, surveyor):
    slot, place = slot_of(surveyor), place_of(surveyor)
    assert onlooker.get(ADD).status_code == onlooker.post(ADD, {**PROFILE, **PAID, **REASON}).status_code == 403
    acts = {"change": surveyor, "add_place": surveyor, "make_slots": place, "withdraw": slot}
    for name, row in acts.items():
        assert act(onlooker, row, name, **pattern()).status_code == 403, name
        assert f"/act/{name}/" not in page(onlooker, row)
    assert not StaffAction.objects.exists()
