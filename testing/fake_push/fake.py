"""Fake push services on a port of this machine: real HTTP, real signatures, and on demand each real failure."""

from threading import Event, Thread
from typing import Any, Self

from testing.fake_push.browser import Browser
from testing.fake_push.faults import Fault, Script
from testing.fake_push.fcm import FakeFcm, key_file
from testing.fake_push.web import FakeWebPush
from testing.fake_stripe.server import Answer, Request, Server


class FakePush:
    """Answers until the block ends: Google's token endpoint and FCM, and a Web Push service.

    `calls` is the path of each request. `fail` scripts what the next sends to a token or an endpoint meet.
    """

    def __init__(self) -> None:
        self._script = Script()
        self.fcm = FakeFcm(self._script)
        self.web = FakeWebPush(self._script)
        self.calls: list[str] = []
        self._is_over = Event()
        self._server = Server(self._answer, host="127.0.0.1", port=0)
        self.url = self.web.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()

    def key_file(self, who: str = "sender") -> dict[str, Any]:
        """Return the key file of the service account, or of another party that claims to be it."""
        return key_file(self.url, who)

    def subscribe(self, *, application_server_key: str = "") -> Browser:
        return self.web.subscribe(application_server_key=application_server_key)

    def fail(self, target: str, fault: Fault, *, times: int = 1) -> None:
        self._script.fail(target, fault, times=times)

    def _answer(self, request: Request) -> Answer:
        self.calls.append(request.path)
        match (request.method, *request.path.strip("/").split("/")):
            case ("POST", "token"):
                return self.fcm.issue_token(request)
            case ("POST", "v1", "projects", project, "messages:send"):
                answer, fault = self.fcm.send(request, project)
            case ("POST", "wpush", "v2", name):
                answer, fault = self.web.take(request, name)
            case _:
                return Answer.json({"error": "not found"}, status=404)
        if fault is Fault.REDIRECT:
            return Answer(307, b"", {"Location": f"{self.url}/elsewhere"})
        if fault is Fault.HANG:
            self._is_over.wait()
        return Answer(0) if fault in (Fault.CUT, Fault.HANG) else answer
