"""What the owner of the demo does in both modes: photograph, submit, read the result."""

import secrets
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from testing.demo.photos import Walk
from testing.phone import Phone, Refused, accepted

Say = Callable[[str], None]
Photographs = Callable[[str, int], Walk]
"""Given a mode and the number of the visit, the photos of that walk."""


class WalkthroughFailed(Exception):
    """The server did not behave as the contract says."""


def expect_refusal(error_code: str, reason: str | None, call: Callable[[], Any]) -> str:
    """Return the message of the expected refusal. Raises `WalkthroughFailed` if the call does not refuse."""
    try:
        call()
    except Refused as refused:
        if (refused.body.get("error_code"), refused.body.get("reason")) != (error_code, reason):
            raise WalkthroughFailed(f"expected {error_code}, got {refused}") from refused
        return f"{refused.status} {error_code}" + (f" ({reason})" if reason else "")
    raise WalkthroughFailed(f"expected {error_code}, but the call succeeded")


class Owner:
    """Calls what both modes have in common. `results` is the folder of the pictures that the server draws."""

    def __init__(self, phone: Phone, photographs: Photographs, results: Path, say: Say) -> None:
        self.phone = phone
        self.photographs = photographs
        self.results = results
        self.say = say
        self.email = f"owner-{secrets.token_hex(3)}@example.org"

    def register(self, password: str) -> None:
        self.phone.register(self.email, password)
        self.say(f"registered as {self.email}")

    def set(self, path: str, body: Any) -> dict[str, Any]:
        """PUT, and return the body. Raises `Refused`."""
        answer: dict[str, Any] = accepted(self.phone.set(path, body)).json()
        return answer

    def create_upload_complete(self, mode: str, *, visit: int, **details: Any) -> str:
        """Run the short flow: all targets at once, then `complete`."""
        walk = self.photographs(mode, visit)
        opened = self.phone.send(
            "/inspections",
            {"mode": mode, "points": len(walk), "label": f"Demo, visit {visit + 1}", **details},
            HTTP_IDEMPOTENCY_KEY=secrets.token_hex(8),
        )
        for target in opened["uploads"]:
            self.phone.upload(target, walk[target["point_index"]][target["angle"]])
        self.say(f"{mode}: {len(opened['uploads'])} photos uploaded through their links")
        self.phone.send(f"/inspections/{opened['inspection_id']}/complete")
        return str(opened["inspection_id"])

    def report(self, inspection_id: str) -> dict[str, Any]:
        """Wait for the result, print it in plain words, and keep its overlays as files. Returns the result."""
        inspection = f"/inspections/{inspection_id}"
        self.phone.poll(f"{inspection}/status", until=lambda body: body["status"] in ("completed", "failed"))
        result = self.phone.fetch(f"{inspection}/result")
        mode, coverage = result["mode"], result["coverage"]
        self.say(
            f"{mode} result: signal {result['signal_detected']}, confidence {result['confidence_level']}, "
            f"guidance {', '.join(result['guidance'])}; {coverage['photos_used']} photos used, "
            f"{coverage['photos_rejected']} rejected; {result['model_version']}"
        )
        self.say_plainly(result["explanation"])
        for entry in result[mode].get("points") or result[mode].get("areas"):
            band = entry.get("coverage_band") or entry.get("density_band")
            self.say(f"    {entry['label'] or entry['point_index']}: {band}, {entry['signal_detected']}")
            if entry["overlay_url"]:
                name = f"{mode}-{inspection_id[:8]}-{entry['point_index']}.png"
                self.save(name, self.phone.download(entry["overlay_url"]))
        return result

    def save(self, name: str, content: bytes) -> Path:
        path = self.results / name
        path.write_bytes(content)
        return path

    def say_plainly(self, text: str) -> None:
        for line in textwrap.wrap(text, 96):
            self.say(f"    | {line}")
