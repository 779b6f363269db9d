"""Test shares: a page without sign-in that shows little, is counted, and ends at once."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.utils import timezone

from dossiers.models import Dossier, Share
from dossiers.shares import changes
from dossiers.shares.links import share_id_of, share_url
from testing.dossiers import PDF, draft_of, final_of
from testing.phone import caller
from tests.contract.refusals import refused

pytestmark = pytest.mark.django_db
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
}


def share(phone, dossier, days=7):
    return phone.post(f"/dossiers/{dossier.pk}/shares", {"expires_in_days": days})


def path_of(answer) -> str:
    return urlsplit(answer.json()["url"]).path


def test_a_share_is_a_page_that_anyone_can_read(phone, owner):
    final = final_of(owner, vessel_name="Tern <script>")
    answer = share(phone, final)
    assert answer.status_code == 201
    page = caller().get(path_of(answer))
    assert page.status_code == 200
    text = page.content.decode()
    assert "Tern &lt;script&gt;" in text
    assert final.pdf_sha256 in text
    assert owner.email not in text
    assert {name: page[name] for name in HEADERS} == HEADERS


def test_the_pdf_is_read_through_the_page(phone, owner):
    answer = share(phone, final_of(owner))
    pdf = caller().get(f"{path_of(answer)}/dossier.pdf")
    assert (pdf.content, pdf["Content-Type"]) == (PDF, "application/pdf")
    assert pdf["Content-Disposition"].startswith("attachment;")
    assert {name: pdf[name] for name in HEADERS} == HEADERS


def test_the_page_speaks_the_language_of_the_dossier(phone, owner):
    page = caller().get(path_of(share(phone, final_of(owner, language="de")))).content.decode()
    assert '<html lang="de">' in page
    assert "PDF öffnen" in page


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_the_page_names_no_mode_and_no_diagnosis(mode, phone, owner):
    page = caller().get(path_of(share(phone, final_of(owner)))).content.decode().lower()
    assert not [word for word in ("osmosis", "corrosion", "rust", "blister") if word in page]


def test_views_are_counted_and_previews_are_not(phone, owner):
    final = final_of(owner)
    path = path_of(share(phone, final))
    caller().head(path)
    caller().get(f"{path}/dossier.pdf")
    assert Share.objects.get().views == 0
    for _ in range(2):
        caller().get(path)
    (shown,) = phone.get(f"/dossiers/{final.pk}").json()["shares"]
    assert (shown["views"], shown["last_viewed_at"] is not None) == (2, True)


def test_a_share_ends_at_once_for_everybody(phone, owner):
    answer = share(phone, final_of(owner))
    assert phone.delete(f"/shares/{answer.json()['share_id']}").status_code == 204
    assert phone.delete(f"/shares/{answer.json()['share_id']}").status_code == 204
    for path in (path_of(answer), f"{path_of(answer)}/dossier.pdf"):
        page = caller().get(path)
        assert page.status_code == 404
        assert {name: page[name] for name in HEADERS} == HEADERS


def test_a_share_ends_by_itself(phone, owner):
    answer = share(phone, final_of(owner), days=1)
    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert caller().get(path_of(answer)).status_code == 404


def test_a_share_ends_with_its_owners_account(phone, owner):
    answer = share(phone, final_of(owner))
    owner.is_active = False
    owner.save()
    assert caller().get(path_of(answer)).status_code == 404


def test_a_share_of_a_superseded_dossier_says_so(phone, owner):
    older = final_of(owner)
    answer = share(phone, older)
    Dossier.objects.filter(pk=older.pk).update(superseded_by=draft_of(owner))
    assert "newer dossier" in caller().get(path_of(answer)).content.decode()


def test_a_forged_cut_or_foreign_link_looks_like_an_ended_one(phone, owner):
    ended = share(phone, final_of(owner))
    phone.delete(f"/shares/{ended.json()['share_id']}")
    pages = {
        caller().get(path).content
        for path in (path_of(ended), path_of(ended)[:-1], "/share/x", "/share/x.y", "/share/%00", f"/share/{'a' * 500}")
    }
    assert len(pages) == 1


def test_the_database_holds_no_secret_of_a_link(owner, settings):
    row = Share.objects.create(dossier=final_of(owner), expires_at=timezone.now() + timedelta(days=1))
    token = share_url(row).rpartition("/")[2]
    assert share_id_of(token) == row.pk
    settings.SECRET_KEY = "another"
    assert share_id_of(token) is None


def test_the_same_key_opens_one_share(phone, owner):
    path = f"/dossiers/{final_of(owner).pk}/shares"
    answers = [phone.post(path, {"expires_in_days": 1}, HTTP_IDEMPOTENCY_KEY="once") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Share.objects.count() == 1


@pytest.mark.parametrize("days", [0, 91, "7", 1.5, None])
def test_a_share_lasts_from_one_to_ninety_days(days, phone, owner):
    refused(share(phone, final_of(owner), days), 400, "VALIDATION_ERROR")


def test_only_a_final_dossier_is_shared(phone, owner):
    assert refused(share(phone, draft_of(owner)), 409, "NOT_ELIGIBLE")["reason"] == "not_final"


def test_a_share_of_somebody_else_cannot_be_ended(phone, owner, strangers_phone):
    answer = share(phone, final_of(owner))
    path = f"/shares/{answer.json()['share_id']}"
    refused(strangers_phone.delete(path), 404, "NOT_FOUND")
    refused(caller().delete(f"/v1{path}"), 401, "AUTHENTICATION_REQUIRED")
    assert caller().get(path_of(answer)).status_code == 200


def test_the_pages_are_limited_by_address(phone, owner, settings):
    path = path_of(share(phone, final_of(owner)))
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"default": "1/min"}
    assert caller().get(path, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert caller().get(path, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_a_dossier_has_a_limited_number_of_open_shares(phone, owner, monkeypatch):
    monkeypatch.setattr(changes, "MAX_OPEN", 1)
    path = f"/dossiers/{final_of(owner).pk}/shares"
    first = phone.post(path, {"expires_in_days": 7}).json()
    assert refused(phone.post(path, {"expires_in_days": 7}), 409, "NOT_ELIGIBLE")["reason"] == "too_many_shares"
    mail = {"channel": "email", "to": "surveyor@example.org"}
    answer = phone.post(path.replace("/shares", "/deliveries"), mail)
    assert refused(answer, 409, "NOT_ELIGIBLE")["reason"] == "too_many_shares"
    phone.delete(f"/shares/{first['share_id']}")
    assert phone.post(path, {"expires_in_days": 7}).status_code == 201
