"""Test that a browser uploads to the bucket, and shows its photos, on pages of the web app alone."""

from typing import Any

import pytest
import requests
from django.core.management import call_command

from maretech.common.storage.base import Upload
from maretech.common.storage.s3 import S3Store

APP, OTHER = "https://app.example.org", "https://attacker.example"
TIMEOUT_SECONDS = 30


@pytest.fixture
def upload(s3: S3Store, settings: Any) -> Any:
    """Return an upload link of a bucket that was opened to the web app."""
    settings.PUBLIC_URL = f"{APP}/somewhere"
    call_command("ensure_bucket")
    photo = Upload(key="quarantine/one", content_type="image/jpeg", byte_size=5, sha256="0" * 64, max_bytes=100)
    return s3.presign_upload(photo)


def preflight(
    url: str, origin: str, *, method: str = "PUT", headers: str = "content-type,x-amz-checksum-sha256"
) -> Any:
    """Ask as a browser does before it sends a page's request to another origin."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return requests.options(url, headers=asked, timeout=TIMEOUT_SECONDS)


def test_a_page_of_the_app_may_upload(upload: Any):
    answer = preflight(upload.url, APP)
    assert answer.status_code < 300
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    # The browser sets the length itself.
    assert all(name.lower() in allowed for name in upload.headers if name.lower() != "content-length")


@pytest.mark.parametrize(
    ("origin", "method"), [(OTHER, "PUT"), (OTHER, "GET"), (APP, "DELETE"), ("null", "PUT")], ids=str
)
def test_no_other_page_and_no_other_method_may(upload: Any, origin: str, method: str):
    answer = preflight(upload.url, origin, method=method)
    is_allowed_origin = answer.headers.get("Access-Control-Allow-Origin") in {origin, "*"}
    assert not (is_allowed_origin and method in answer.headers.get("Access-Control-Allow-Methods", ""))


def test_the_rule_is_set_again_and_again(upload: Any, s3: S3Store):
    call_command("ensure_bucket")
    rules = s3.client.get_bucket_cors(Bucket=s3.bucket)["CORSRules"]
    assert [rule["AllowedOrigins"] for rule in rules] == [[APP]]
