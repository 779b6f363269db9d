"""Test that an edit of a capture policy adds a version."""

import threading
from contextlib import suppress
from dataclasses import asdict, replace

import pytest
from django.db import IntegrityError, connection

from accounts.errors import ReasonRequired
from accounts.models import StaffAction
from inspections.capture import policies
from inspections.capture.policies import add_policy_version, policy_values
from inspections.media_types import MAX_PIXELS_BY_TYPE
from inspections.models import CapturePolicy
from inspections.modes.registry import rules_of
from maretech.common.http.errors import Invalid, NotFound
from testing.factories import InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/inspections/capturepolicy/add/"


def newest(mode):
    return CapturePolicy.objects.filter(mode=mode).latest("version")


def add(client, mode, **changes):
    values = asdict(policy_values(newest(mode)))
    body = values | {"hints": "\n".join(values["hints"]), "reason": "surveyors asked"} | changes
    return client.post(f"{ADD}?mode={mode}", body, follow=True)


def test_the_form_proposes_the_newest_version_of_the_mode(desk):
    assert [f"?mode={mode}" in desk.get(ADD).content.decode() for mode in ("osmosis", "corrosion")] == [True, True]
    proposed = desk.get(f"{ADD}?mode=corrosion").context["form"].initial
    current = newest("corrosion")
    assert (proposed["max_points"], proposed["angles"]) == (current.max_points, current.angles)


def test_existing_inspections_keep_their_version_when_one_is_added(desk, staff, phone):
    before = InspectionFactory.create()
    answer = add(desk, "corrosion", max_points="12", hints="square_on\navoid_shadow")
    assert "Version 2 of corrosion is in force" in answer.content.decode()
    added = newest("corrosion")
    assert (added.version, added.max_points, added.hints) == (2, 12, ["square_on", "avoid_shadow"])
    before.refresh_from_db()
    assert before.policy.version == 1
    assert phone.get("/capture-policy/corrosion").json()["version"] == 2
    assert newest("osmosis").version == 1
    action = StaffAction.objects.get()
    assert (action.staff, action.reason, action.subject_id) == (staff, "surveyors asked", str(added.pk))
    assert action.detail["max_points"] == "10 → 12"
    assert "surveyors asked" in desk.get(f"/admin/inspections/capturepolicy/{added.pk}/change/").content.decode()


@pytest.mark.parametrize(
    ("mode", "changes", "field"),
    [
        ("corrosion", {"free_points": "11"}, "free_points"),
        ("corrosion", {"free_points": "-1"}, "free_points"),
        ("osmosis", {"free_points": "1"}, "free_points"),
        ("corrosion", {"max_points": "0", "free_points": "0"}, "max_points"),
        ("corrosion", {"max_points": "51"}, "max_points"),
        ("corrosion", {"max_points": "many"}, "max_points"),
        ("corrosion", {"angles": []}, "angles"),
        ("corrosion", {"angles": ["wide", "aerial"]}, "angles"),
        ("corrosion", {"content_types": ["image/gif"]}, "content_types"),
        ("corrosion", {"content_types": []}, "content_types"),
        ("corrosion", {"min_short_side_px": "0"}, "min_short_side_px"),
        ("corrosion", {"max_bytes": "999999999"}, "max_bytes"),
        ("corrosion", {"max_pixels": "0"}, "max_pixels"),
        ("corrosion", {"max_pixels": str(MAX_PIXELS_BY_TYPE["image/jpeg"] + 1)}, "max_pixels"),
        (
            "corrosion",
            {"content_types": ["image/png"], "max_pixels": str(MAX_PIXELS_BY_TYPE["image/png"] + 1)},
            "max_pixels",
        ),
        ("corrosion", {"recommended_long_side_px": "255"}, "recommended_long_side_px"),
        ("corrosion", {"recommended_long_side_px": "20001"}, "recommended_long_side_px"),
        ("corrosion", {"hints": "Stand Back!"}, "hints"),
        ("corrosion", {"hints": "square_on square_on"}, "hints"),
        ("corrosion", {"max_points": "9", "reason": " "}, "reason"),
        ("corrosion", {}, "reason"),  # nothing differs
    ],
)
def test_an_invalid_value_is_named_and_nothing_is_added(desk, mode, changes, field):
    assert field in add(desk, mode, **changes).context["form"].errors
    assert newest(mode).version == 1
    assert not StaffAction.objects.exists()


def test_a_version_states_recommended_and_largest_pixels(desk, phone):
    add(desk, "corrosion", recommended_long_side_px="3000", max_pixels="20000000")
    constraints = phone.get("/capture-policy/corrosion").json()["constraints"]
    assert (constraints["recommended_long_side_px"], constraints["max_pixels"]) == (3000, 20_000_000)


def test_a_version_allows_no_more_pixels_than_the_decoder(phone):
    for types in (["image/png"], ["image/jpeg", "image/png"], ["image/heic"]):
        CapturePolicy.objects.update(content_types=types, max_pixels=2**31 - 1)
        constraints = phone.get("/capture-policy/corrosion").json()["constraints"]
        assert constraints["max_pixels"] == max(MAX_PIXELS_BY_TYPE[name] for name in types)


def test_the_rule_refuses_invalid_versions_without_the_form(staff):
    values = policy_values(newest("corrosion"))
    with pytest.raises(ReasonRequired):
        add_policy_version(staff=staff, reason=" ", mode="corrosion", values=replace(values, max_points=9))
    with pytest.raises(NotFound):
        add_policy_version(staff=staff, reason="why", mode="rot", values=values)
    with pytest.raises(Invalid):
        add_policy_version(staff=staff, reason="why", mode="corrosion", values=replace(values, angles=["wide"] * 2))
    assert CapturePolicy.objects.count() == 2


def race(monkeypatch) -> list[type[Exception] | int]:
    """Let two members of staff read the last version at the same moment, as far as the lock allows it."""
    # A test with real transactions empties every table when it ends, the migrations' rows too.
    CapturePolicy.objects.get_or_create(mode="corrosion", version=1, defaults=rules_of("corrosion").first_policy)
    together, last_version = threading.Barrier(2), policies._last_version
    values = policy_values(newest("corrosion"))
    staff = [UserFactory.create(is_staff=True) for _ in range(2)]
    outcomes: list[type[Exception] | int] = []

    def read_together(mode):
        last = last_version(mode)
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=1)
        return last

    def add_one(number):
        changed = replace(values, max_points=20 + number)
        try:
            added = add_policy_version(staff=staff[number], reason="why", mode="corrosion", values=changed)
            outcomes.append(added.version)
        except IntegrityError as exc:
            outcomes.append(type(exc))
        finally:
            connection.close()

    monkeypatch.setattr(policies, "_last_version", read_together)
    threads = [threading.Thread(target=add_one, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


needs_row_locks = pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="SQLite has one writer at a time, and its in-memory tables one thread"
)


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_parallel_additions_get_consecutive_versions(monkeypatch):
    assert sorted(race(monkeypatch)) == [2, 3]


@needs_row_locks
@pytest.mark.django_db(transaction=True)
def test_parallel_additions_race_without_the_lock(monkeypatch):
    monkeypatch.setattr(policies, "_lock", lambda _: None)
    assert IntegrityError in race(monkeypatch)
