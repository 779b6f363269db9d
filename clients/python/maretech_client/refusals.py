"""The one exception for what the server refuses."""

import json
from typing import Any, Self, TypeVar

import httpx

from .types import Response

Answer = TypeVar("Answer")


class Refused(Exception):
    """The server refused. Decide by `error_code` and `reason`, which are open lists; show `message`."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status, self.body = status, body
        self.error_code = str(body.get("error_code", ""))
        self.reason = str(body.get("reason", ""))
        self.message = str(body.get("message", ""))
        self.request_id = str(body.get("request_id", ""))
        super().__init__(f"{status} {self.error_code} {self.reason}: {self.message}")

    @classmethod
    def of(cls, status: int, content: bytes) -> Self:
        """Read an answer. An object store or a proxy answers with something else than our JSON."""
        try:
            body = json.loads(content)
        except ValueError:
            body = {}
        return cls(status, body if isinstance(body, dict) else {})


def expect(answer: Response[Any], kind: type[Answer]) -> Answer:
    """Return the body of an answer of a generated call. Raises `Refused` for any other kind of body."""
    if isinstance(answer.parsed, kind):
        return answer.parsed
    raise Refused.of(answer.status_code, answer.content)


def expect_success(response: httpx.Response) -> None:
    """Raise `Refused` if a call without a generated body did not succeed."""
    if not response.is_success:
        raise Refused.of(response.status_code, response.content)
