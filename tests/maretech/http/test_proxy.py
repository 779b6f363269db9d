"""Test the shipped proxy: slow callers block no other, and its refusals have the API's one shape."""

import getpass
import json
import shutil
import socket
import string
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from maretech.processes import LOOPBACK, end, free_port, is_free, start

TEMPLATE = Path(__file__).resolve().parents[3] / "ops/nginx/default.conf.template"
SLOWEST_SECONDS = 2
SLOW_CALLERS = 40
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")

pytestmark = [
    pytest.mark.anywhere,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed here: its configuration cannot be tried"),
]


@pytest.fixture
def proxy(tmp_path, live_server) -> Iterator[int]:
    """The port of the shipped nginx configuration, in front of the server."""
    with serving(tmp_path, web=f"{LOOPBACK}:{live_server.thread.port}") as port:
        yield port


@contextmanager
def serving(folder: Path, *, web: str) -> Iterator[int]:
    """Use the shipped configuration with only the timeouts for slow callers shortened."""
    port = free_port()
    filled_in = string.Template(TEMPLATE.read_text()).safe_substitute(
        LISTEN=f"{LOOPBACK}:{port}", WEB=web, RESOLVER=LOOPBACK, SLOWEST_SECONDS=SLOWEST_SECONDS
    )
    (folder / "nginx.conf").write_text(
        f"user {getpass.getuser()}; daemon off; pid {folder}/pid; events {{}}"
        f"http {{ client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n{filled_in} }}"
    )
    command = [str(NGINX), "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with (folder / "output").open("wb") as output:
        process = start(command, output=output)
    try:
        wait_for(port)
        yield port
    finally:
        end([process])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while is_free(LOOPBACK, port):
        assert time.monotonic() < deadline, "nginx does not listen"
        time.sleep(0.02)


def fetch(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict]:
    connection = HTTPConnection(LOOPBACK, port, timeout=10)
    connection.request(method, path, body, {"Host": "localhost", "Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.status, json.loads(answer.read())


def test_a_request_reaches_the_server(proxy):
    assert fetch(proxy, "GET", "/health") == (200, {"status": "ok"})


def test_callers_that_send_no_announced_body_never_reach_the_server(tmp_path):
    with socket.create_server((LOOPBACK, 0)) as behind:
        behind.setblocking(False)
        with serving(tmp_path, web=f"{LOOPBACK}:{behind.getsockname()[1]}") as port:
            slow = [socket.create_connection((LOOPBACK, port), timeout=10) for _ in range(SLOW_CALLERS)]
            for caller in slow:
                caller.sendall(b"POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
            for caller in slow:
                with caller:
                    assert is_closed(caller)
        with pytest.raises(BlockingIOError):
            behind.accept()


def test_the_proxy_appends_the_callers_address_to_forwarded_for(tmp_path):
    line, headers = request_behind(tmp_path, "/v1/x?y=%20z", {"Host": "api.example", "X-Forwarded-For": "10.9.8.7"})
    received = dict(headers)
    assert line == "GET /v1/x?y=%20z HTTP/1.1"
    assert (received["Host"], received["X-Forwarded-For"]) == ("api.example", f"10.9.8.7, {LOOPBACK}")
    assert received["X-Forwarded-Proto"] == "http"
    assert received["X-Request-ID"]


def test_a_forwarded_header_with_underscores_is_dropped(tmp_path):
    forged = {"X_Forwarded_For": "203.0.113.9", "x_forwarded_for": "203.0.113.9", "X_Forwarded_Proto": "https"}
    _, received = request_behind(tmp_path, "/v1/x", forged)
    as_wsgi_has_them = [(name.upper().replace("-", "_"), value) for name, value in received]
    forwarded = [(name, value) for name, value in as_wsgi_has_them if name.startswith("X_FORWARDED")]
    assert sorted(forwarded) == [("X_FORWARDED_FOR", LOOPBACK), ("X_FORWARDED_PROTO", "http")]


def request_behind(folder: Path, path: str, headers: dict[str, str]) -> tuple[str, list[list[str]]]:
    """Return the first line and each header's name and value, as they reach the server behind the proxy."""
    with socket.create_server((LOOPBACK, 0)) as behind:
        behind.settimeout(10)
        with serving(folder, web=f"{LOOPBACK}:{behind.getsockname()[1]}") as port:
            connection = HTTPConnection(LOOPBACK, port, timeout=10)
            connection.request("GET", path, headers=headers)
            raw_request = behind.accept()[0].recv(10_000).decode()
    line, *lines = raw_request.rstrip("\r\n").split("\r\n")
    return line, [each.split(": ", 1) for each in lines]


def is_closed(caller: socket.socket) -> bool:
    try:
        return caller.recv(1000) == b""
    except ConnectionResetError:
        return True


def test_a_body_over_a_megabyte_is_refused_in_the_one_error_shape(proxy):
    status, body = fetch(proxy, "POST", "/v1/auth/login", b"x" * 1_100_000)
    assert (status, body["error_code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert body["message"]
    assert body["request_id"]


def test_large_headers_are_refused_in_the_one_error_shape(proxy):
    status, body = fetch(proxy, "GET", "/health", Cookie="x" * 100_000)
    assert (status, body["error_code"]) == (400, "VALIDATION_ERROR")


@pytest.mark.parametrize(("path", "status"), [("/" + "x" * 9000, 414), ("/%", 400)])
def test_a_malformed_address_is_refused_in_the_one_error_shape(proxy, path, status):
    answered, body = fetch(proxy, "GET", path)
    assert (answered, body["error_code"]) == (status, "VALIDATION_ERROR")
    assert body["request_id"]


def test_the_log_has_no_query_string(proxy, tmp_path):
    fetch(proxy, "GET", "/health?secret=1", **{"X-Request-ID": "of-the-phone"})
    text = (tmp_path / "output").read_text()
    assert "of-the-phone" in text
    assert "secret" not in text


def test_an_outage_of_the_server_is_a_503_with_retry_after(tmp_path):
    with serving(tmp_path, web=f"{LOOPBACK}:{free_port()}") as port:
        connection = HTTPConnection(LOOPBACK, port, timeout=10)
        connection.request("GET", "/health")
        answer = connection.getresponse()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(answer.read())["error_code"] == "SERVICE_UNAVAILABLE"
