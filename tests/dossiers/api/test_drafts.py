"""Test drafts over the API: opening, changing, listing, deleting, and who may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dossiers.models import Dossier
from inspections.vocabulary import Mode
from testing.dossiers import draft_of, eligible_inspection, final_of
from testing.factories import InspectionFactory, UserFactory, VesselFactory
from testing.phone import caller, work
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db


def opened(phone, *inspections, **more):
    return phone.post("/dossiers", {"inspection_ids": [str(each.pk) for each in inspections], **more})


def test_an_inspection_with_a_usable_photo_is_eligible_until_it_is_too_old(phone, owner, settings):
    inspection = eligible_inspection(owner)
    ends = inspection.created_at + timedelta(days=settings.DOSSIER_MAX_AGE_DAYS)
    body = phone.get(f"/inspections/{inspection.pk}/escalation").json()
    assert body == {
        "eligible": True,
        "reasons": [],
        "photograph_again_after": ends.isoformat().replace("+00:00", "Z"),
    }


def test_an_old_inspection_is_not_eligible_and_says_since_when(phone, owner):
    inspection = eligible_inspection(owner, created_at=timezone.now() - timedelta(days=91))
    body = phone.get(f"/inspections/{inspection.pk}/escalation").json()
    assert (body["eligible"], body["reasons"]) == (False, ["too_old"])
    assert body["photograph_again_after"] < timezone.now().isoformat()


def test_an_unfinished_inspection_is_not_eligible(phone, owner):
    body = phone.get(f"/inspections/{InspectionFactory.create(owner=owner).pk}/escalation").json()
    assert body == {"eligible": False, "reasons": ["not_completed"], "photograph_again_after": None}


def test_an_inspection_without_a_usable_photo_is_not_eligible(phone):
    opened_by_phone = phone.open()
    phone.upload(opened_by_phone["uploads"][0], b"no picture")
    phone.send(f"/inspections/{opened_by_phone['inspection_id']}/submit", {"accept_incomplete": True})
    work(opened_by_phone["inspection_id"])
    body = phone.get(f"/inspections/{opened_by_phone['inspection_id']}/escalation").json()
    assert (body["eligible"], body["reasons"]) == (False, ["no_usable_photos"])


def test_a_draft_shows_its_inspections_in_the_given_order(phone, owner):
    first, second = eligible_inspection(owner), eligible_inspection(owner)
    answer = opened(phone, second, first, statement="Bought in May.\r\nNo work since.", language="de", paper="a4")
    assert answer.status_code == 201
    body = answer.json()
    assert body["inspection_ids"] == [str(second.pk), str(first.pk)]
    assert (body["status"], body["mode"], body["language"], body["paper"]) == ("draft", "corrosion", "de", "a4")
    assert body["statement"] == "Bought in May.\nNo work since."
    assert body["pdf"] is body["verify_url"] is body["recording"] is body["refinement"] is body["reason"] is None
    assert phone.get(f"/dossiers/{body['dossier_id']}").json() == body


def test_a_dossier_is_written_in_the_owners_language_by_default(phone, owner):
    phone.set("/auth/me/notification-preferences", {"locale": "de"})
    assert opened(phone, eligible_inspection(owner)).json()["language"] == "de"


def test_the_same_key_opens_one_dossier(phone, owner):
    inspection = eligible_inspection(owner)
    body = {"inspection_ids": [str(inspection.pk)]}
    answers = [phone.post("/dossiers", body, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Dossier.objects.count() == 1


def test_inspections_of_two_modes_or_two_vessels_are_refused(phone, owner):
    corrosion, osmosis = eligible_inspection(owner), eligible_inspection(owner, mode=Mode.OSMOSIS)
    elsewhere = eligible_inspection(owner, vessel=VesselFactory.create(owner=owner))
    for other in (osmosis, elsewhere):
        fields = refused(opened(phone, corrosion, other), 400, "VALIDATION_ERROR")["fields"]
        assert fields.keys() == {"inspection_ids"}


@pytest.mark.parametrize("ids", [[], ["x"], [1], "all", [str(uuid4())] * 2, [str(uuid4()) for _ in range(11)]])
def test_what_is_no_list_of_one_to_ten_inspections_is_refused(phone, ids):
    refused(phone.post("/dossiers", {"inspection_ids": ids}), 400, "VALIDATION_ERROR")


def test_an_ineligible_inspection_is_refused_with_every_reason(phone, owner):
    old = eligible_inspection(owner, created_at=timezone.now() - timedelta(days=91))
    unfinished = InspectionFactory.create(owner=owner)
    body = refused(opened(phone, old, unfinished), 409, "NOT_ELIGIBLE")
    assert (body["reason"], body["reasons"]) == ("not_completed", ["not_completed", "too_old"])


def test_an_inspection_of_somebody_else_does_not_exist(phone, owner, stranger):
    mine, theirs = eligible_inspection(owner), eligible_inspection(stranger)
    refused(opened(phone, mine, theirs), 404, "NOT_FOUND")
    refused(phone.get(f"/inspections/{theirs.pk}/escalation"), 404, "NOT_FOUND")
    assert not Dossier.objects.exists()


def test_a_dossier_needs_a_proven_address(unproven):
    inspection = eligible_inspection(unproven.owner)
    assert refused(opened(unproven, inspection), 403, "FORBIDDEN")["reason"] == "EMAIL_UNVERIFIED"
    assert unproven.get(f"/inspections/{inspection.pk}/escalation").json()["eligible"]


def test_a_draft_is_changed_by_what_the_body_names(phone, owner):
    path = f"/dossiers/{draft_of(owner, statement='Old words.').pk}"
    assert phone.patch(path, {"language": "de"}).json()["statement"] == "Old words."
    body = phone.patch(path, {"statement": "New words."}).json()
    assert (body["statement"], body["language"]) == ("New words.", "de")
    assert phone.patch(path, {"statement": ""}).json()["statement"] == ""


@pytest.mark.parametrize("text", ["x" * 4001, "a bell \x07", 7, None])
def test_a_statement_is_text_of_bounded_length(phone, owner, text):
    refused(phone.patch(f"/dossiers/{draft_of(owner).pk}", {"statement": text}), 400, "VALIDATION_ERROR")


def test_a_final_dossier_is_not_changed(phone, owner):
    final = final_of(owner)
    assert refused(phone.patch(f"/dossiers/{final.pk}", {"statement": "x"}), 409, "NOT_ELIGIBLE")["reasons"] == [
        "not_a_draft"
    ]


def test_the_list_is_of_both_modes_newest_first(phone, owner):
    drafts = [draft_of(owner, eligible_inspection(owner, mode=mode)) for mode in Mode]
    draft_of(UserFactory.create())
    body = phone.get("/dossiers?page_size=1").json()
    assert [each["dossier_id"] for each in body["results"]] == [str(drafts[1].pk)]
    assert [each["dossier_id"] for each in phone.get(body["next"].partition("/v1")[2]).json()["results"]] == [
        str(drafts[0].pk)
    ]


def test_a_deleted_draft_is_gone_at_once(phone, owner):
    path = f"/dossiers/{draft_of(owner).pk}"
    assert phone.delete(path).status_code == 204
    refused(phone.get(path), 404, "NOT_FOUND")
    refused(phone.delete(path), 404, "NOT_FOUND")
    assert phone.get("/dossiers").json()["results"] == []


PATHS = (
    ("GET", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("POST", "/recording"),
    ("POST", "/recording/uploaded"),
    ("POST", "/statement/refine"),
    ("POST", "/finalise"),
    ("GET", "/pdf"),
    ("POST", "/shares"),
    ("POST", "/deliveries"),
    ("GET", "/deliveries"),
)
BODIES = {
    "/recording": {"content_type": "audio/ogg", "byte_size": 5, "sha256": "0" * 64},
    "/shares": {"expires_in_days": 3},
    "/deliveries": {"channel": "email", "to": "a@example.org"},
}


@pytest.mark.parametrize("state", ["draft", "final"])
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_stranger_finds_nothing_and_the_anonymous_must_sign_in(method, path, state, owner, strangers_phone):
    dossier = draft_of(owner) if state == "draft" else final_of(owner)
    address = f"/dossiers/{dossier.pk}{path}"
    body = () if method in ("GET", "DELETE") else (BODIES.get(path, {}),)
    kind = {} if not body else {"format": "json"}
    refused(strangers_phone.call(method, address, *body, **kind), 404, "NOT_FOUND")
    refused(getattr(caller(), method.lower())(f"/v1{address}", *body, **kind), 401, "AUTHENTICATION_REQUIRED")
    before = dossier.status
    dossier.refresh_from_db()
    assert dossier.status == before


@pytest.mark.parametrize("path", ["/recording", "/recording/uploaded", "/statement/refine", "/finalise"])
def test_an_unproven_address_cannot_go_on_with_a_draft(path, unproven):
    dossier = draft_of(unproven.owner, statement="Words.")
    answer = unproven.post(f"/dossiers/{dossier.pk}{path}", BODIES.get(path))
    assert refused(answer, 403, "FORBIDDEN")["reason"] == "EMAIL_UNVERIFIED"


@pytest.mark.parametrize("path", ["/shares", "/deliveries"])
def test_an_unproven_address_cannot_pass_a_dossier_on(path, unproven):
    dossier = final_of(unproven.owner)
    answer = unproven.post(f"/dossiers/{dossier.pk}{path}", BODIES[path])
    assert refused(answer, 403, "FORBIDDEN")["reason"] == "EMAIL_UNVERIFIED"
