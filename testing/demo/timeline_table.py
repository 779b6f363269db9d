"""The timeline of a vessel as lines of text."""

from collections.abc import Iterator, Mapping
from typing import Any

COLUMNS = "{:<12} {:<9} {:<11} {:<8} {}"
WORK = {"painted": "repaint", "blasted": "blasting"}
Body = Mapping[str, Any]


def table(timeline: Body) -> Iterator[str]:
    """Yield a line per visit, per maintenance event in its place, and per segment, point by point."""
    yield COLUMNS.format("visit", "band", "confidence", "segment", "since the visit before")
    for point in timeline["points"]:
        yield f"point {point['point_index']} {point['label']}".rstrip()
        events = [
            event for event in timeline["events"] if not event["points"] or point["point_index"] in event["points"]
        ]
        # Maintenance on the day of a visit counts as before the visit.
        rows = [(event["performed_on"], False, event) for event in events]
        rows += [(visit["at"][:10], True, visit) for visit in point["visits"]]
        works, numbers = _work_names(events), _segment_numbers(point)
        for day, is_visit, row in sorted(rows, key=lambda entry: entry[:2]):
            if is_visit:
                number = numbers[row["inspection_id"]]
                step = _step(row["step"], works)
                yield COLUMNS.format(day, row["coverage_band"], row["confidence_level"], number, step)
            else:
                yield f"{day}   ---- {row['kind']} ----"
        yield from _segments(point)


def is_restarted(step: Body | None) -> bool:
    """Return whether maintenance is between the visit and the one before it."""
    return step is not None and not step["comparable"] and "maintenance_between" in step["reasons"]


def _step(step: Body | None, works: str) -> str:
    if step is None:
        return "first visit"
    if is_restarted(step):
        return f"not compared across the {works}"
    reasons = f" ({', '.join(step['reasons'])})" if step["reasons"] else ""
    return (step["trend"] or "not comparable") + reasons


def _work_names(events: list[Any]) -> str:
    return " and the ".join(sorted({WORK[event["kind"]] for event in events if event["kind"] in WORK})) or "maintenance"


def _segment_numbers(point: Body) -> dict[str, int]:
    """Return the number of the segment of each visit. A segment begins at its `from`."""
    starts, number, numbers = {segment["from"] for segment in point["segments"]}, 0, {}
    for visit in point["visits"]:
        number += visit["inspection_id"] in starts
        numbers[visit["inspection_id"]] = number
    return numbers


def _segments(point: Body) -> Iterator[str]:
    days = {visit["inspection_id"]: visit["at"][:10] for visit in point["visits"]}
    for number, segment in enumerate(point["segments"], start=1):
        first, last = days[segment["from"]], days[segment["to"]]
        change = "one visit" if segment["from"] == segment["to"] else segment["trend"] or "not comparable"
        yield f"segment {number}: {first} to {last}, {change}"
