"""Test the search for an inspection by its owner, id, label and state."""

import pytest
from django.utils import timezone

from inspections.lifecycle.status_query import waiting_of
from inspections.support.explain import explainable_inspections
from inspections.vocabulary import InspectionStatus, WaitingFor
from testing.factories import InspectionFactory, UserFactory
from tests.inspections.admin.states import STATES, queued, technically_failed

pytestmark = pytest.mark.django_db
LIST = "/admin/inspections/inspection/"


def found(client, **query):
    return list(client.get(LIST, query).context["cl"].queryset)


def test_a_search_by_the_owners_address_lists_the_newest_first(desk):
    anna = UserFactory.create(email="anna.sailor@example.org")
    old = InspectionFactory.create(owner=anna, created_at=timezone.now() - timezone.timedelta(days=2))
    new = InspectionFactory.create(owner=anna)
    InspectionFactory.create()
    assert found(desk, q="Anna.Sailor@example.org") == [new, old]


def test_a_search_finds_an_id_in_whole_or_part_and_a_label(desk):
    match = InspectionFactory.create(label="autumn haul-out", vessel_label="Nordlys")
    InspectionFactory.create()
    for words in (str(match.pk), match.pk.hex[:8], "haul-out", "nordlys"):
        assert found(desk, q=words) == [match]


def test_lists_filter_by_mode_status_and_deletion(desk):
    states = {name: make() for name, make in STATES.items()}
    assert set(found(desk, mode__exact="osmosis")) == {states["unpaid"], states["paid_osmosis"]}
    assert set(found(desk, status__exact="failed", deleted="no")) == {states["technically_failed"], states["expired"]}
    assert set(found(desk, deleted="yes")) == {states["deleted"], states["deleted_after_completion"]}
    assert set(found(desk, job_state="running")) == {states["running"], states["lost"]}


def test_the_waiting_filter_agrees_with_the_waiting_rule(desk):
    for make in STATES.values():
        make()
    present = [row for row in explainable_inspections() if row.deleted_at is None]
    for reason in WaitingFor:
        expected = {row for row in present if waiting_of(row).reason == reason}
        assert expected, reason
        assert set(found(desk, waiting_for=reason.value)) == expected


def test_a_longer_list_takes_no_more_queries(desk, django_assert_num_queries, django_assert_max_num_queries):
    queued()
    desk.get(LIST)
    with django_assert_max_num_queries(12) as first:
        desk.get(LIST)
    for make in STATES.values():
        make()
    with django_assert_num_queries(len(first.captured_queries)):
        assert desk.get(LIST).context["cl"].result_count == len(STATES) + 1


def test_the_list_shows_what_each_inspection_waits_for(desk):
    technically_failed()
    inspection = queued()
    listed = desk.get(LIST).content.decode()
    assert "worker, for 0 s" in listed
    assert "failed, technical_failure" in listed
    assert f"{LIST}{inspection.pk}/change/" in listed


def test_the_page_of_an_owner_links_to_inspections_and_entitlement(boss, owner):
    user_page = boss.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    assert f"{LIST}?owner__id__exact={owner.pk}" in user_page
    assert f"/admin/billing/entitlement/{owner.pk}/change/" in user_page
    assert boss.get(LIST, {"status__exact": InspectionStatus.PENDING}).status_code == 200
