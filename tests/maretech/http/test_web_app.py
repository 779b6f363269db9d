"""Test the page of the web app: one page for every path, and a policy that runs only its own scripts."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def built(settings: Any, tmp_path: Path) -> bytes:
    page = b"<!doctype html><title>Maretech</title>"
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "index.html").write_bytes(page)
    settings.WEB_APP_DIR = tmp_path
    return page


@pytest.mark.parametrize("path", ["/app/", "/app/vessels/new", "/app/corrosion/inspections/1"])
def test_every_screen_is_the_one_page(client: Client, built: bytes, path: str):
    answer = client.get(path)
    assert (answer.status_code, answer.content) == (200, built)
    assert answer["Content-Type"].startswith("text/html")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Permissions-Policy"] == "camera=(self), microphone=(self), geolocation=()"


def test_its_policy_runs_only_its_own_scripts(client: Client, built: bytes, settings: Any):
    settings.S3_BUCKET, settings.S3_PUBLIC_ENDPOINT_URL = "photos", "https://store.example.org/any"
    policy = dict(part.strip().split(" ", 1) for part in client.get("/app/")["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["worker-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://store.example.org"
    assert policy["img-src"] == "'self' blob: https://store.example.org"
    assert "unsafe" not in " ".join(policy.values())


@pytest.mark.usefixtures("built")
def test_a_missing_script_is_not_the_page(client: Client):
    answer = client.get("/app/assets/index-old.js")
    assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")


def test_the_address_without_a_slash_leads_to_the_app(client: Client):
    assert client.get("/app").headers["Location"] == "/app/"


def test_a_server_without_the_app_says_so(client: Client, settings: Any, tmp_path: Path):
    settings.WEB_APP_DIR = tmp_path
    answer = client.get("/app/")
    assert answer.status_code == 404
    assert "make web" in answer.json()["message"]
