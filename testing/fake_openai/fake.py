"""The fake of `/audio/transcriptions` and `/chat/completions`, which refuses what the service would refuse."""

import io
import json
import wave
from collections import deque
from collections.abc import Callable, Sequence
from email.parser import BytesParser
from email.policy import HTTP
from threading import Event, Thread
from typing import Any, Self

from testing.fake_openai.faults import LIMITED_SECONDS, Fault
from testing.fake_stripe.server import Answer, Request, Server

KEY = "sk-of-a-test"
SPEECH_MODEL = "whisper-1"
TEXT_MODEL = "a-careful-model"
_CREATED = 1_780_000_000
_LONGEST_BYTES = 25 * 1024 * 1024


class FakeOpenAI:
    """Answers until the block ends. `hear` is what it hears in every sound, `reword` how it rewords sentences.

    `forms` and `bodies` are what it was sent, `answers` what it answered.
    """

    def __init__(self, *, key: str = KEY) -> None:
        self.hear = "There is rust at the keel."
        self.reword: Callable[[Sequence[str]], Sequence[str]] = list
        self.forms: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self._key = key
        self._faults: deque[Fault] = deque()
        self._is_over = Event()
        self._server = Server(self._answer, host="127.0.0.1", port=0)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()

    def fail(self, fault: Fault, *, times: int = 1) -> None:
        self._faults.extend([fault] * times)

    def _answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self._key}":
            return _error(401, "Incorrect API key provided.", "invalid_api_key")
        match request.method, request.path:
            case "POST", "/v1/audio/transcriptions":
                answer = self._transcribe(request)
            case "POST", "/v1/chat/completions":
                answer = self._complete(request)
            case _:
                return _error(404, "Unknown request URL.", "unknown_url")
        return self._faulty(answer) if self._faults else answer

    def _transcribe(self, request: Request) -> Answer:
        form = _form(request)
        self.forms.append(form)
        if form.get("model") != SPEECH_MODEL:
            return _error(404, f"The model {form.get('model')} does not exist.", "model_not_found")
        sound = form.get("file", b"")
        if len(sound) > _LONGEST_BYTES:
            return _error(413, "Maximum content size limit exceeded.", "")
        try:
            with wave.open(io.BytesIO(sound)) as opened:
                seconds = opened.getnframes() / opened.getframerate()
        except (wave.Error, EOFError):
            return _error(400, "Invalid file format.", "invalid_value")
        return self._say({"text": self.hear, "usage": {"type": "duration", "seconds": seconds}})

    def _complete(self, request: Request) -> Answer:
        body = json.loads(request.body)
        self.bodies.append(body)
        if body.get("model") != TEXT_MODEL:
            return _error(404, f"The model {body.get('model')} does not exist.", "model_not_found")
        sentences = json.loads(body["messages"][-1]["content"])
        content = json.dumps({"sentences": list(self.reword(sentences))}, ensure_ascii=False)
        return self._say(_completion(content))

    def _say(self, body: dict[str, Any]) -> Answer:
        self.answers.append(body)
        return Answer.json(body)

    def _faulty(self, answer: Answer) -> Answer:
        fault = self._faults.popleft()
        if fault is Fault.HANG:
            self._is_over.wait()
        elsewhere = {"Location": f"{self.url}/elsewhere"}
        answers = {
            Fault.LIMITED: Answer(429, b"{}", {"Retry-After": str(LIMITED_SECONDS)}),
            Fault.UNAVAILABLE: _error(503, "The engine is currently overloaded.", ""),
            Fault.BROKEN: _error(500, "The server had an error.", ""),
            Fault.REDIRECT: Answer(307, b"", elsewhere),
            Fault.NONSENSE: Answer(200, b"<html>a proxy's page</html>"),
            Fault.NO_OBJECT: Answer(200, b"[]"),
            Fault.ENDLESS: Answer(200, b'{"text": "' + b"rust " * 400_000 + b'"}'),
            Fault.REFUSAL: Answer.json(_completion(None, refusal="I cannot help with that.")),
            Fault.CUT_OFF: Answer.json(_completion('{"sentences": ["There is', finish_reason="length")),
        }
        return answers.get(fault, Answer(0))


def _completion(content: str | None, *, refusal: str | None = None, finish_reason: str = "stop") -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": _CREATED,
        "model": TEXT_MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "logprobs": None,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
            }
        ],
        "usage": {"prompt_tokens": 210, "completion_tokens": 30, "total_tokens": 240},
    }


def _error(status: int, message: str, code: str) -> Answer:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code or None}
    return Answer.json({"error": error}, status=status)


def _form(request: Request) -> dict[str, Any]:
    """Return the fields of a multipart form: text, and the bytes of its file."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parts = BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts()
    form: dict[str, Any] = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        form[str(name)] = content if part.get_filename() else content.decode()
    return form
