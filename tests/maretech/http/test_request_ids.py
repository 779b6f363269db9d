"""Test that one request id runs from the phone to the worker's log lines."""

import io
import json
import logging
import re
import uuid

import pytest
import structlog
from kombu import Connection

from inspections.tasks import analyse, check_photo
from maretech.common.observability import logging as our_logging
from maretech.common.observability import request_id
from maretech.common.work import queue
from testing.phone import caller

REAL_SEND = queue._send


@pytest.fixture(autouse=True)
def _nothing_bound():
    structlog.contextvars.clear_contextvars()
    yield
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def lines():
    """Collect production's log lines in their final form."""
    stream = io.StringIO()
    our_logging.logging_config(json_lines=True, level="INFO")
    logging.getLogger().handlers[-1].setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    our_logging.logging_config(json_lines=False, level="INFO")


def messages_of(task, *args: str) -> dict:
    """Return the message headers that this task puts on a broker."""
    name = f"test-{uuid.uuid4()}"
    with Connection("memory://") as broker:
        task.apply_async(args=args, queue=name, connection=broker, ignore_result=True)
        return broker.SimpleQueue(name).get(block=False).headers


def test_a_message_carries_the_id_of_the_request_that_caused_it():
    structlog.contextvars.bind_contextvars(request_id="boat-7")
    assert messages_of(analyse, "x")["request_id"] == "boat-7"


def test_a_message_outside_a_request_carries_no_request_id():
    assert "request_id" not in messages_of(analyse, "x")


@pytest.mark.django_db
def test_a_worker_logs_the_request_id_only_during_its_task(monkeypatch):
    seen: list[dict] = []
    monkeypatch.setattr(
        "inspections.work.photo_check.check_next", lambda: seen.append(structlog.contextvars.get_contextvars())
    )
    check_photo.apply(args=(str(uuid.uuid4()),), headers={"request_id": "boat-7"})
    assert seen == [{"request_id": "boat-7", "task": "inspections.tasks.check_photo"}]
    assert request_id.current() == ""


@pytest.mark.django_db
def test_a_task_outside_a_request_logs_its_own_id(monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr("inspections.work.photo_check.check_next", lambda: seen.append(request_id.current()))
    check_photo.apply(args=(str(uuid.uuid4()),), task_id="task-1")
    assert seen == ["task-1"]


def test_each_request_writes_one_access_log_line_with_its_id(lines):
    caller().get("/health", HTTP_X_REQUEST_ID="boat-7")
    (line,) = [line for line in lines() if line["event"] == "request"]
    assert (line["request_id"], line["method"], line["route"], line["status"]) == ("boat-7", "GET", "health", 200)
    assert line["timestamp"].endswith("Z")


def test_static_files_and_probes_are_logged_only_if_they_fail(lines):
    assert caller().get("/static/staff/staff.css").status_code == 200
    assert lines() == []
    assert caller().get("/static/none.css").status_code == 404
    assert [line["status"] for line in lines()] == [404]


@pytest.mark.parametrize(
    ("environment", "is_terminal", "coloured"),
    [({}, True, True), ({}, False, False), ({"FORCE_COLOR": "1"}, False, True), ({"NO_COLOR": "1"}, True, False)],
)
def test_log_lines_have_colour_in_a_terminal(lines, monkeypatch, environment, is_terminal, coloured):
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    stream.isatty = lambda: is_terminal
    monkeypatch.setattr("sys.stderr", stream)
    our_logging.logging_config(json_lines=False, level="INFO")
    structlog.contextvars.bind_contextvars(request_id="boat-7")
    structlog.get_logger("tests").info("analysis done", photos=3)
    text = stream.getvalue()
    assert ("\x1b[" in text) is coloured
    plain = re.sub(r"\x1b\[\d+m", "", text)
    assert re.fullmatch(r"\d\d:\d\d:\d\d \[info +\] analysis done +\[tests\] +photos=3 request_id=boat-7\n", plain), (
        plain
    )


def test_ids_do_not_leak_from_one_request_into_the_next(lines):
    caller().get("/health", HTTP_X_REQUEST_ID="first")
    caller().get("/health", HTTP_X_REQUEST_ID="not an id")
    ids = [line["request_id"] for line in lines()]
    assert ids[0] == "first"
    assert ids[1] not in ("first", "not an id")


def test_a_crash_is_logged_with_its_id_and_without_local_variables(lines, monkeypatch):
    def crash(*_: object) -> None:
        password = "barnacle-free-2026"
        raise RuntimeError(len(password))

    monkeypatch.setattr("rest_framework.views.APIView.check_throttles", crash)
    caller().get("/health", HTTP_X_REQUEST_ID="boat-7")
    (line,) = [line for line in lines() if line["event"] == "unexpected error"]
    assert line["request_id"] == "boat-7"
    assert line["exception"][0]["exc_type"] == "RuntimeError"
    assert "barnacle-free-2026" not in json.dumps(line)


def test_a_query_string_is_never_logged(lines):
    caller().get("/health?email=anna@example.org")
    assert "anna" not in json.dumps(lines())


def test_a_failed_send_to_the_broker_is_logged_and_ignored(lines, monkeypatch):
    def down(**_: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(analyse, "apply_async", down)
    REAL_SEND(analyse, ("x",), "analyses", 30)
    assert [line["event"] for line in lines()] == ["broker unreachable, the sweep will deliver"]
