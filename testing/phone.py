"""The owner's phone: signs in, opens inspections, follows upload links, and lets a test play the worker."""

import hashlib
import io
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from PIL import Image
from rest_framework.test import APIClient, ForceAuthClientHandler

from accounts.identity.sessions import start_session
from accounts.identity.tokens import issue_tokens
from accounts.models import User
from inspections.models import InferenceJob
from inspections.work.analysis import analyse

V1 = "/v1"


@cache
def jpeg(seed: int, *, size: tuple[int, int] = (640, 480), **save: Any) -> bytes:
    """Return a sharp, textured picture that passes the photo check; each seed gives another one."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(60, 200, (size[1] // 32, size[0] // 32, 3), dtype=np.uint8)
    pixels = np.kron(blocks, np.ones((32, 32, 1), dtype=np.uint8))
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90, **save)
    return out.getvalue()


@cache
def _handler() -> ForceAuthClientHandler:
    """Return the process's one handler: loading the middleware for each client takes longer than a test."""
    handler = ForceAuthClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


def caller(token: str | None = None) -> APIClient:
    """Return a client that gets what a phone would get, server errors included; anonymous without a token."""
    client = APIClient(raise_request_exception=False)
    client.handler = _handler()
    if token is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


class Phone:
    def __init__(self, owner: User, client: APIClient) -> None:
        self.owner = owner
        self.client = client

    @classmethod
    def of(cls, owner: User) -> "Phone":
        return cls(owner, caller(issue_tokens(start_session(user=owner)).access_token))

    def get(self, path: str, **extra: Any) -> Any:
        return self.client.get(V1 + path, **extra)

    def post(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.post(V1 + path, body if body is not None else {}, format="json", **extra)

    def delete(self, path: str, **extra: Any) -> Any:
        return self.client.delete(V1 + path, **extra)

    def open(self, mode: str = "corrosion", **details: Any) -> dict[str, Any]:
        """Open an inspection of either mode; osmosis is paid by the standing test pass."""
        if mode == "osmosis":
            assert self.post("/payments/osmosis/mock", {"paid": True}).status_code == 200
        answer = self.post("/inspections", {"mode": mode, **details})
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    def buy(self) -> None:
        """Buy one osmosis credit with a new receipt."""
        answer = self.post("/payments/validate", {"provider": "app_store", "receipt": f"mock-valid-{uuid4()}"})
        assert answer.json() == {"status": "valid"}, answer.content

    def credits(self) -> tuple[int, int]:
        """Return the credits that can be spent, and those that inspections hold."""
        account = self.get("/entitlements/osmosis").json()
        return account["credits"], account["credits_held"]

    def subscribe(self, *, active: bool = True) -> None:
        assert self.post("/subscriptions/corrosion/mock", {"active": active}).status_code == 200

    def put(self, upload: dict[str, Any], content: bytes, **headers: str) -> Any:
        """Follow an upload link of the embedded store as it says."""
        path = upload["url"].removeprefix("http://testserver")
        signed = dict(upload["headers"])
        content_type = headers.pop("content_type", signed.pop("Content-Type"))
        signed.pop("Content-Length", None)  # the client computes it from the body
        told = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in signed.items()}
        length = {"CONTENT_LENGTH": str(len(content))}  # the client omits it for an empty body
        client: Any = self.client  # its types know text bodies only
        return client.generic("PUT", path, content, content_type=content_type, **told | length | headers)

    def shoot(self, uploads: list[dict[str, Any]], *, seed: int = 0) -> None:
        for number, upload in enumerate(uploads):
            answer = self.put(upload, jpeg(seed + number))
            assert answer.status_code == 200, answer.content

    def declare(self, slot_id: str, angle: str, content: bytes, **changes: Any) -> Any:
        body = {
            "angle": angle,
            "content_type": "image/jpeg",
            "byte_size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        return self.post(f"/slots/{slot_id}/assets", body | changes)

    def complete(self, mode: str = "corrosion", *, seed: int = 0, **details: Any) -> str:
        """Go the whole way to a delivered result; return the inspection's id."""
        opened = self.open(mode, **details)
        self.shoot(opened["uploads"], seed=seed)
        answer = self.post(f"/inspections/{opened['inspection_id']}/complete")
        assert answer.status_code == 200, answer.content
        work(opened["inspection_id"])
        return opened["inspection_id"]


def work(inspection_id: str) -> None:
    """Play the worker: run the inspection's job once."""
    job = InferenceJob.objects.get(inspection_id=inspection_id)
    analyse(UUID(str(job.pk)), worker="test", task_id=str(job.pk))
