"""The corrosion part of the demo: three visits to one vessel, with a repaint before the third."""

from datetime import UTC, datetime, timedelta
from typing import Any

from testing.demo.owner import Owner, WalkthroughFailed, expect_refusal
from testing.demo.server import DateBack
from testing.demo.timeline_table import is_restarted, table
from testing.phone import accepted

FIRST_DATED_BACK_DAYS = 365
SECOND_DATED_BACK_DAYS = 180
PAINTED_DAYS_AGO = 90
REMINDER_DAYS = 180


def track_corrosion(owner: Owner, date_back: DateBack) -> str:
    """Return the id of the last visit."""
    vessel_id = owner.phone.add_vessel("Kittiwake", hull_material="steel")["vessel_id"]
    first = visit_for_free(owner, vessel_id)
    _date_back(owner, date_back, first, "first", FIRST_DATED_BACK_DAYS)
    subscribe(owner)
    second = owner.create_upload_complete("corrosion", visit=1, vessel_id=vessel_id)
    owner.report(second)
    compare(owner, first, second)
    _date_back(owner, date_back, second, "second", SECOND_DATED_BACK_DAYS)
    note_repaint(owner, vessel_id)
    third = visit_with_ghosts(owner, vessel_id)
    compare(owner, second, third)
    show_timeline(owner, vessel_id)
    set_reminder(owner, vessel_id)
    return third


def visit_for_free(owner: Owner, vessel_id: str) -> str:
    phone = owner.phone
    policy = phone.fetch("/capture-policy/corrosion")
    free, details = policy["free_points"], {"mode": "corrosion", "vessel_id": vessel_id}
    owner.say(f"corrosion: the first inspection is free, {free} points of {policy['angles_per_point']} photos")
    refusal = expect_refusal(
        "SUBSCRIPTION_REQUIRED", "PAYWALL_UI_035", lambda: phone.send("/inspections", {**details, "points": free + 1})
    )
    owner.say(f"{free + 1} points for free: {refusal}")
    opened = phone.send("/inspections", {**details, "capture_context": {"antifouling": "present"}})
    photograph_and_submit(owner, opened["inspection_id"], visit=0, name_points=True)
    owner.report(opened["inspection_id"])
    refusal = expect_refusal("SUBSCRIPTION_REQUIRED", "PAYWALL_UI_035", lambda: phone.fetch("/corrosion/history"))
    owner.say(f"history without a subscription: {refusal}")
    return str(opened["inspection_id"])


def subscribe(owner: Owner) -> None:
    allowance = owner.phone.send("/subscriptions/corrosion/mock", {"active": True, "plan": "yearly"})
    owner.say(f"subscribed (mock, {allowance['plan']}): {allowance['corrosion_points_allowed']} points from now on")


def note_repaint(owner: Owner, vessel_id: str) -> None:
    day = (datetime.now(UTC) - timedelta(days=PAINTED_DAYS_AGO)).date()
    body = {"vessel_id": vessel_id, "kind": "painted", "performed_on": day.isoformat()}
    noted = owner.phone.send("/corrosion/maintenance", body)
    owner.say(f"maintenance noted: {noted['kind']} on {noted['performed_on']}, a new baseline")


def visit_with_ghosts(owner: Owner, vessel_id: str) -> str:
    """Photograph with the earlier photos as a guide, and print how the first photo is framed against its ghost."""
    opened = owner.phone.send("/inspections", {"mode": "corrosion", "vessel_id": vessel_id, "label": "Demo, visit 3"})
    inspection_id = str(opened["inspection_id"])
    ghosts = owner.phone.fetch(f"/corrosion/ghosts?for={inspection_id}")["ghosts"]
    if not ghosts:
        raise WalkthroughFailed("the third visit has no ghosts")
    owner.say(f"third visit: {len(ghosts)} ghosts, the photos of the last visit, guide the camera")
    photos = photograph_and_submit(owner, inspection_id, visit=2)
    photo = owner.phone.fetch(f"/assets/{photos[0]}")
    warnings, framing = ", ".join(photo["warnings"]) or "none", photo["framing"]
    measured = "null" if framing is None else ", ".join(f"{name} {value}" for name, value in framing.items())
    owner.say(f"    point {photo['point_index']} {photo['angle']}: warnings {warnings}; framing {measured}")
    owner.report(inspection_id)
    return inspection_id


def photograph_and_submit(owner: Owner, inspection_id: str, *, visit: int, name_points: bool = False) -> list[str]:
    """Run the guided flow: point by point, photo by photo, each checked while the owner is still at the hull.

    Returns the ids of the photos.
    """
    phone, inspection, sent = owner.phone, f"/inspections/{inspection_id}", list[str]()
    for index, photos in owner.photographs("corrosion", visit).items():
        slot = phone.send(f"{inspection}/slots", {"label": f"plate {index}"} if name_points else None)
        sent += [phone.declare_and_upload(slot["slot_id"], angle, photos[angle]) for angle in slot["required_angles"]]
    detail = phone.poll(inspection, until=_all_checked)
    states = [asset["state"] for slot in detail["slots"] for asset in slot["assets"]]
    owner.say(f"photos checked at the hull: {states.count('ready')} ready, {states.count('rejected')} to retake")
    phone.send(f"{inspection}/submit")
    return sent


def compare(owner: Owner, before: str, after: str) -> None:
    path = f"/corrosion/compare?from={before}&to={after}"
    comparison = owner.phone.poll(path, until=lambda body: body.get("status") != "pending")
    owner.say(f"compared: {comparison['trend'] or 'not comparable (' + ', '.join(comparison['reasons']) + ')'}")
    owner.say_plainly(comparison.get("explanation") or "")
    for point in comparison.get("points", []):
        reasons = f" ({', '.join(point['reasons'])})" if point["reasons"] else ""
        owner.say(f"    point {point['point_index']}: {point['trend'] or 'not comparable'}{reasons}")


def show_timeline(owner: Owner, vessel_id: str) -> None:
    """Wait for the comparisons, print the timeline and write its chart.

    Raises `WalkthroughFailed` if the last visit is compared across the repaint.
    """
    history = owner.phone.fetch(f"/corrosion/history?vessel_id={vessel_id}")["inspections"]
    owner.say(f"history: {len(history)} inspections of one vessel")
    path = f"?vessel_id={vessel_id}"
    timeline = owner.phone.poll(f"/corrosion/timeline{path}", until=lambda body: not body["pending"])
    owner.say(f"timeline of {timeline['vessel']['name']}:")
    for line in table(timeline):
        owner.say(f"    {line}")
    if not all(is_restarted(point["visits"][-1]["step"]) for point in timeline["points"]):
        raise WalkthroughFailed("the timeline compares a point across the repaint")
    chart = accepted(owner.phone.get(f"/corrosion/timeline.svg{path}")).content
    owner.say(f"its chart is written: {owner.save('timeline.svg', chart).name}, {len(chart)} bytes")


def set_reminder(owner: Owner, vessel_id: str) -> None:
    reminder = owner.set(f"/corrosion/reminders/{vessel_id}", {"interval_days": REMINDER_DAYS, "enabled": True})
    owner.say(f"reminder set: {reminder['interval_days']} days after the last visit, due on {reminder['due_on']}")


def _date_back(owner: Owner, date_back: DateBack, inspection_id: str, name: str, days: int) -> None:
    date_back(inspection_id, days)
    owner.say(f"the demo dates the {name} visit back by {days} days in its own database; no API call does this")


def _all_checked(detail: dict[str, Any]) -> bool:
    states = {asset["state"] for slot in detail["slots"] for asset in slot["assets"]}
    return not states & {"created", "uploaded"}
