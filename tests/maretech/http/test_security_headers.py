"""Test the security headers that browsers get, page by page."""

import pytest
from django.test import Client

from maretech.common.http.security_headers import policy_for
from testing.factories import UserFactory
from testing.phone import caller
from tests.conftest import browser

pytestmark = pytest.mark.django_db


def test_every_kind_of_page_forbids_frames_sniffing_and_foreign_scripts():
    staff = browser(UserFactory.create(is_staff=True))
    for client, path in (
        (caller(), "/v1/products"),
        (caller(), "/v1/auth/me"),
        (caller(), "/v1/docs"),
        (caller(), "/v1/schema"),
        (caller(), "/v1/nothing"),
        (caller(), "/health"),
        (staff, "/admin/"),
        (staff, "/admin/login/?next=/admin/"),
    ):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), path
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY"), path
        assert answer["Referrer-Policy"] == "same-origin"


def test_answers_are_not_cached(phone):
    body = {"email": "new@example.org", "password": "barnacle-free-2026"}
    opened = phone.open()
    for answer in (
        phone.get("/auth/me"),
        phone.post("/auth/register", body),
        phone.get(f"/inspections/{opened['inspection_id']}"),
        phone.get("/nothing"),
    ):
        assert answer["Cache-Control"] == "no-store"


def test_a_poll_answer_may_be_cached_by_the_phone(phone):
    opened = phone.open()
    answer = phone.get(f"/inspections/{opened['inspection_id']}/status")
    assert answer["Cache-Control"] == "private, no-cache"


def test_the_docs_run_no_inline_script_and_load_no_foreign_resource():
    page = caller().get("/v1/docs").content.decode()
    assert "<script>" not in page
    assert "http" not in page


def test_staff_pages_have_no_inline_script_or_style(admin_pages):
    for path, page in admin_pages.items():
        assert "<script>" not in page, path
        assert " style=" not in page, path
        assert " onclick=" not in page, path


@pytest.fixture
def admin_pages(boss):
    paths = ("/admin/", "/admin/accounts/user/", "/admin/inspections/inspection/", "/admin/second-factor/")
    return {path: boss.get(path).content.decode() for path in paths}


@pytest.fixture
def boss():
    return browser(UserFactory.create(is_staff=True, is_superuser=True))


@pytest.mark.parametrize(
    ("public", "origin"),
    [("https://photos.example.org/store", "https://photos.example.org"), ("", "https://*.amazonaws.com")],
)
def test_photos_are_loaded_only_from_the_store(settings, public, origin):
    settings.S3_BUCKET, settings.S3_PUBLIC_ENDPOINT_URL = "photos", public
    assert f"img-src 'self' data: {origin}" in policy_for("/admin/")
    assert origin not in policy_for("/v1/products")


def test_a_photo_of_the_embedded_store_keeps_its_own_policy(phone):
    answer = Client().get("/v1/storage/no-such-link")
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
