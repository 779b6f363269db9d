"""Test clients/python against a real server: the flow, lost answers, expired links and tokens, a crash."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import uuid4

import httpx
import jwt
import pytest
from django.conf import settings

from inspections.vocabulary import SignalDetected
from maretech_client import Capture, Refused, RetryingTransport, Session, Tokens
from maretech_client.api.accounts import get_account
from maretech_client.api.capture_policy import get_capture_policy
from maretech_client.api.inspections import list_inspections
from maretech_client.models import (
    AngleEnum,
    AssetStateEnum,
    CapturePolicy,
    CorrosionResult,
    InspectionPage,
    Me,
    ModeEnum,
    OpenInspectionRequest,
)
from maretech_client.refusals import expect

pytestmark = pytest.mark.services
PACKAGE = Path(__file__).parents[2] / "clients" / "python"
PASSWORD = "keel-and-rudder-7"
CORROSION = OpenInspectionRequest(mode=ModeEnum.CORROSION)


class Sent(httpx.HTTPTransport):
    """Sends requests, and counts them by method and status."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[tuple[str, int]] = Counter()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        self.counts[request.method, response.status_code] += 1
        return response


class LosesFirstAnswers(Sent):
    """Loses the answer to each request that changes something, once: the server has done it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[tuple[str, str, str]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        name = (request.method, str(request.url), request.headers.get("Idempotency-Key", ""))
        if request.method != "GET" and name not in self.seen:
            self.seen.add(name)
            response.close()
            raise httpx.ReadError("the connection was lost")
        return response


class SpoilsFirstLinks(Sent):
    """Follows each upload link, the first time with another signature: the server answers as to an expired one."""

    def __init__(self) -> None:
        super().__init__()
        self.spoiled = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and self.spoiled < 1:
            self.spoiled += 1
            request.url = httpx.URL(str(request.url)[:-1])
        return super().handle_request(request)


def signed_up(base_url: str, inner: httpx.BaseTransport | None = None) -> Session:
    """Register over a good connection, then use the given one."""
    kept: list[Tokens] = []
    Session.register(base_url, f"py-{uuid4().hex}@example.org", PASSWORD, on_tokens=kept.append).close()
    return Session(base_url, kept[-1], transport=RetryingTransport(inner, patience_seconds=30, sleep=lambda _: None))


def send_all(capture: Capture, photos: list[Path]) -> None:
    for photo in photos:
        asset_id = capture.send_photo(photo.read_bytes(), angle=AngleEnum(photo.stem))
        assert capture.wait_for_check(asset_id).state == AssetStateEnum.READY


def own_inspections(session: Session) -> int:
    answer = list_inspections.sync_detailed(client=session.client, mode=ModeEnum.CORROSION)
    return len(expect(answer, InspectionPage).results)


def test_a_capture_ends_in_a_typed_result(base_url: str, photos: list[Path]):
    session = signed_up(base_url)
    policy = get_capture_policy.sync(ModeEnum.CORROSION, client=session.client)
    assert isinstance(policy, CapturePolicy)
    assert len(policy.angles) == len(photos)
    capture = Capture.open(session, CORROSION)
    send_all(capture, photos)
    capture.submit()
    result = capture.wait_for_result()
    assert isinstance(result, CorrosionResult)
    assert result.signal_detected in SignalDetected.values()
    assert len(result.corrosion.points) == 1


def test_lost_answers_double_nothing(base_url: str, photos: list[Path]):
    lossy = LosesFirstAnswers()
    session = signed_up(base_url, lossy)
    capture = Capture.open(session, CORROSION)
    send_all(capture, photos)
    capture.submit()
    capture.wait_for_result()
    assert len(lossy.seen) == 1 + 3 * len(photos) + 1, "opened, announced, uploaded, reported, submitted"
    assert own_inspections(session) == 1
    assert [len(slot.assets) for slot in capture.detail().slots] == [len(photos)]


def test_a_link_that_has_expired_is_replaced(base_url: str, photos: list[Path]):
    spoiling = SpoilsFirstLinks()
    capture = Capture.open(signed_up(base_url, spoiling), CORROSION)
    send_all(capture, photos[:1])
    assert (spoiling.counts["PUT", 403], spoiling.counts["PUT", 200]) == (1, 1)


def test_a_link_that_stays_refused_is_not_followed_for_ever(base_url: str, photos: list[Path]):
    spoiling = SpoilsFirstLinks()
    spoiling.spoiled = -100
    capture = Capture.open(signed_up(base_url, spoiling), CORROSION)
    with pytest.raises(Refused) as refusal:
        capture.send_photo(photos[0].read_bytes(), angle=AngleEnum.WIDE)
    assert (refusal.value.status, refusal.value.error_code) == (403, "FORBIDDEN")
    assert spoiling.counts["PUT", 403] == 3


def test_an_expired_access_token_is_refreshed_and_stored_first(base_url: str):
    kept: list[Tokens] = []
    Session.register(base_url, f"py-{uuid4().hex}@example.org", PASSWORD, on_tokens=kept.append).close()
    key = settings.SIMPLE_JWT["SIGNING_KEY"]
    claims = jwt.decode(kept[0].access_token, key, algorithms=["HS256"])
    expired = jwt.encode(claims | {"exp": claims["iat"] - 1}, key, algorithm="HS256")
    session = Session(base_url, Tokens(expired, kept[0].refresh_token), on_tokens=kept.append)
    assert isinstance(get_account.sync(client=session.client), Me)
    assert len(kept) == 2
    assert kept[1].refresh_token != kept[0].refresh_token


def test_a_session_that_was_ended_is_refused(base_url: str):
    session = signed_up(base_url)
    session.log_out()
    with pytest.raises(Refused) as refusal:
        expect(get_account.sync_detailed(client=session.client), Me)
    assert (refusal.value.status, refusal.value.reason) == (401, "revoked")


def test_a_capture_goes_on_after_a_crash(base_url: str, photos: list[Path]):
    sent = Sent()
    session = signed_up(base_url, sent)
    key = str(uuid4())
    before = Capture.open(session, CORROSION, key=key)
    send_all(before, photos[:2])
    after = Capture.resume(session, Capture.open(session, CORROSION, key=key).inspection_id)
    assert after.inspection_id == before.inspection_id
    send_all(after, photos)
    assert sent.counts["PUT", 200] == len(photos), "the first two were not sent again"
    with pytest.raises(Refused) as refusal:
        Capture.resume(session, uuid4())
    assert refusal.value.error_code == "NOT_FOUND"


def test_the_installed_package_is_typed_and_complete(tmp_path: Path):
    target = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-build-isolation",
         "--no-deps", "--no-index", "--target", target, PACKAGE],
        check=True,
    )  # fmt: skip
    assert (target / "maretech_client" / "py.typed").exists()
    code = "import maretech_client, maretech_client.api.vessels.list_vessels; print(maretech_client.__file__)"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(target)}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert printed.stdout.startswith(str(target))
