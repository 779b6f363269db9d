"""Test Lob's signed events: the fake's are of Lob's library, and all that Lob did not sign just now is refused."""

import hmac
import time
from uuid import uuid4

import pytest
from lob_python.model.events import Events

from dossiers.post.lob_events import TOLERANCE_SECONDS, LobEvents
from dossiers.post.ports import InvalidSignature, PostalAddress, Progress
from dossiers.post.registry import letter_service
from testing.letters import ADDRESS
from testing.schemas.lob_schema import faults_of_lob

PDF = b"%PDF-1.7 /MediaBox [0 0 612 792]"
NOW = 1_790_000_000.0


@pytest.fixture
def reader(lob) -> LobEvents:
    return LobEvents(secret=lob.webhook_secret, now=lambda: NOW)


def event_of(lob, kind="letter.mailed", delivery_id=None):
    ref = letter_service().send(delivery_id or uuid4(), to=PostalAddress.of(ADDRESS), pdf=PDF).ref
    return lob.advance(ref, kind)


def test_an_event_names_its_letter_its_delivery_and_its_news(lob, reader):
    delivery_id = uuid4()
    event = event_of(lob, delivery_id=delivery_id)
    found = reader.read_event(*lob.signed(event, at=NOW))
    assert (found.kind, found.ref) == ("letter.mailed", event["reference_id"])
    assert (found.delivery_id, found.progress) == (delivery_id, Progress.IN_TRANSIT)


def test_the_fakes_events_are_of_lobs_library(lob):
    for kind in ("letter.mailed", "letter.failed"):
        assert list(faults_of_lob(event_of(lob, kind), Events)) == []


def test_an_event_without_news_has_none(lob, reader):
    event_of(lob)
    created = lob.events[0]
    assert created["event_type"]["id"] == "letter.created"
    assert reader.read_event(*lob.signed(created, at=NOW)).progress is None


def test_a_timestamp_in_seconds_counts_too(lob, reader):
    event = event_of(lob)
    body, headers = lob.signed(event, at=NOW / 1000)  # the fake writes milliseconds
    assert reader.read_event(body, headers).ref == event["reference_id"]


@pytest.mark.parametrize("age", [TOLERANCE_SECONDS + 1, -TOLERANCE_SECONDS - 1])
def test_an_old_event_and_one_of_the_future_are_refused(age, lob, reader):
    with pytest.raises(InvalidSignature):
        reader.read_event(*lob.signed(event_of(lob), at=NOW - age))


def test_a_changed_body_is_refused(lob, reader):
    body, headers = lob.signed(event_of(lob), at=NOW)
    with pytest.raises(InvalidSignature):
        reader.read_event(body.replace(b"letter.mailed", b"letter.failed"), headers)


def test_a_changed_time_is_refused(lob, reader):
    body, headers = lob.signed(event_of(lob), at=NOW)
    with pytest.raises(InvalidSignature):
        reader.read_event(body, {**headers, "Lob-Signature-Timestamp": str(int(NOW * 1000) + 1)})


@pytest.mark.parametrize("secret", ["", "another"])
def test_another_secret_is_refused(secret, lob, reader):
    with pytest.raises(InvalidSignature):
        reader.read_event(*lob.signed(event_of(lob), at=NOW, secret=secret))


def test_without_a_secret_of_ours_every_event_is_refused(lob):
    with pytest.raises(InvalidSignature):
        LobEvents(secret="", now=lambda: NOW).read_event(*lob.signed(event_of(lob), at=NOW, secret=""))


@pytest.mark.parametrize("name", ["Lob-Signature", "Lob-Signature-Timestamp"])
@pytest.mark.parametrize("value", ["", "ü", "1e9", "-1", "9" * 400])
def test_a_strange_header_is_refused(name, value, lob, reader):
    body, headers = lob.signed(event_of(lob), at=NOW)
    with pytest.raises(InvalidSignature):
        reader.read_event(body, {**headers, name: value})


@pytest.mark.parametrize(
    "payload",
    ["", "[]", "{}", '{"event_type": 7}', '{"event_type": {"id": 7}, "reference_id": "ltr_1"}', "[" * 100_000],
)
def test_a_signed_body_that_is_no_event_is_refused(payload, lob, reader):
    moment = str(int(NOW * 1000))
    signature = hmac.new(lob.webhook_secret.encode(), f"{moment}.{payload}".encode(), "sha256").hexdigest()
    headers = {"Lob-Signature": signature, "Lob-Signature-Timestamp": moment}
    with pytest.raises(InvalidSignature):
        reader.read_event(payload.encode(), headers)


@pytest.mark.parametrize("metadata", [None, [], {}, {"delivery_id": 7}, {"delivery_id": "no id"}])
def test_an_event_of_another_letter_of_the_account_names_no_delivery(metadata, lob, reader):
    event = event_of(lob)
    event["body"]["metadata"] = metadata
    assert reader.read_event(*lob.signed(event, at=NOW)).delivery_id is None


def test_the_clock_is_that_of_the_machine(lob):
    event = event_of(lob)
    assert letter_service().read_event(*lob.signed(event, at=time.time())).ref == event["reference_id"]
