"""A boat with dated visits, its timeline, and the maintenance between them."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from corrosion.models import Comparison
from inspections.lifecycle import hooks
from inspections.models import Inspection
from testing.phone import Phone
from tests.corrosion.pictures import plate, png
from tests.corrosion.rows import point, visit, work_off

FIRST_DAY = date(2026, 1, 10)


def noon(day: date, zone: str = "UTC") -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))


def photo(rust: float = 0, *, seed: int = 1) -> bytes:
    return png(plate(seed, rust=rust))


def visits_of(owner, *points: list[bytes | None], days: int = 10, **changes: Any) -> list[Inspection]:
    """Create one visit every ten days; `points` has for each point its photo at each visit. Announces the results."""
    made = []
    for number, photos in enumerate(zip(*points, strict=True)):
        described = [point(mid=content) if content else point() for content in photos]
        at = noon(FIRST_DAY + timedelta(days=days * number))
        made.append(visit(owner, *described, created_at=at, **changes))
        hooks.announce_delivered(made[-1])
    return made


def maintain(phone: Phone, day: date, kind: str = "painted", label: str = "Tern", **changes: Any) -> dict[str, Any]:
    body = {"vessel_label": label, "kind": kind, "performed_on": day.isoformat(), **changes}
    answer = phone.post("/corrosion/maintenance", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def live_in(phone: Phone, zone: str) -> None:
    chosen = phone.client.put("/v1/auth/me/notification-preferences", {"time_zone": zone}, format="json")
    assert chosen.status_code == 200, chosen.content


def timeline(phone: Phone, label: str = "Tern") -> dict[str, Any]:
    answer = phone.get(f"/corrosion/timeline?vessel_label={label}")
    assert answer.status_code == 200, answer.content
    assert ("Retry-After" in answer) is answer.json()["pending"]
    return answer.json()


def finished(phone: Phone, label: str = "Tern") -> dict[str, Any]:
    """Return the timeline after the workers have computed all of it."""
    timeline(phone, label)
    work_off()
    body = timeline(phone, label)
    assert not body["pending"]
    return body


def steps_of(body: dict[str, Any], place: int = 0) -> list[Any]:
    """Return the trend of each step of a point, or its reasons; None where there is no step."""
    steps = [visited["step"] for visited in body["points"][place]["visits"]]
    return [step and (step["trend"] or step["reasons"]) for step in steps]


def segments_of(body: dict[str, Any], place: int = 0) -> list[tuple[str, str, str | None]]:
    return [(each["from"], each["to"], each["trend"]) for each in body["points"][place]["segments"]]


def pairs() -> set[tuple[UUID, UUID]]:
    """Return the pairs of comparisons that are marked as parts of a timeline."""
    return set(Comparison.objects.filter(in_timeline=True).values_list("before_id", "after_id"))
