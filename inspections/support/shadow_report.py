"""Report what would change if another model were accepted: shadow results against results, mode by mode."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string

from inspections.models import Findings, Result, ShadowResult
from inspections.modes.registry import rules_of

# Counted as transitions; of the owner's other texts only a difference matters.
COUNTED = ("signal", "confidence", "band", "guidance")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that an owner would read."""

    inspection_id: UUID
    mode: str
    what: str
    original: str
    shadow: str


@dataclass(slots=True)
class ModeReport:
    """Changes that one model version would make in one mode. `transitions` count (original, shadow), equal ones too."""

    mode: str
    model_version: str
    inspections: int = 0
    transitions: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def add(self, original: Result, shadow: ShadowResult) -> None:
        before, after = _counted(original), _counted(shadow)
        for aspect in COUNTED:
            self._count(aspect, before[aspect], after[aspect])
        points = _point_signals(shadow)
        for point, signal in _point_signals(original).items():
            self._count("signal of a point", signal, points[point])
        self.changes.extend(_changes(original, shadow))
        self.inspections += 1

    def agreement(self) -> Iterator[tuple[str, int, int]]:
        """Returns each aspect with the number of equal answers and the total."""
        for aspect, counts in self.transitions.items():
            yield aspect, sum(count for (before, after), count in counts.items() if before == after), counts.total()

    def rows(self) -> Iterator[tuple[str, str, str, int]]:
        """Aspect, original, shadow, count: the most frequent first."""
        for aspect, counts in self.transitions.items():
            for (before, after), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
                yield aspect, before, after, count

    def changed_inspections(self) -> int:
        return len({change.inspection_id for change in self.changes})

    def _count(self, aspect: str, before: str, after: str) -> None:
        self.transitions.setdefault(aspect, Counter())[before, after] += 1


class ShadowReport:
    """Accumulates answers one by one; `modes` in order of arrival."""

    def __init__(self) -> None:
        self.modes: dict[tuple[str, str], ModeReport] = {}

    def add(self, original: Result, shadow: ShadowResult) -> None:
        key = shadow.mode, shadow.model_version
        self.modes.setdefault(key, ModeReport(*key)).add(original, shadow)

    def lines(self) -> Iterator[str]:
        """Plain text for a terminal."""
        for report in self.modes.values():
            yield f"{report.mode}: {report.inspections} inspection(s) judged again by {report.model_version}"
            for aspect, same, of in report.agreement():
                yield f"  {aspect}: {same} of {of} the same"
                yield from (
                    f"    {before} → {after}: {count}" for name, before, after, count in report.rows() if name == aspect
                )
            yield f"  words would change in {report.changed_inspections()} inspection(s)"
            yield from (
                f"    {change.inspection_id} {change.what}: {change.original} → {change.shadow}"
                for change in report.changes
                if change.what in COUNTED
            )

    def write(self, directory: Path) -> None:
        """Write `index.html`, `transitions.csv` and `changes.csv`."""
        directory.mkdir(parents=True, exist_ok=True)
        reports = list(self.modes.values())
        page = render_to_string("staff/shadow_report.html", {"reports": reports})
        (directory / "index.html").write_text(page, encoding="utf-8")
        transitions = ((report.mode, report.model_version, *row) for report in reports for row in report.rows())
        header = ("mode", "model_version", "aspect", "original", "shadow", "count")
        _write_csv(directory / "transitions.csv", header, transitions)
        changes = (
            (change.inspection_id, change.mode, change.what, change.original, change.shadow)
            for report in reports
            for change in report.changes
        )
        _write_csv(directory / "changes.csv", ("inspection_id", "mode", "what", "original", "shadow"), changes)


def _counted(findings: Findings) -> dict[str, str]:
    return {
        "signal": findings.signal_detected,
        "confidence": findings.confidence_level,
        "band": findings.worst_band,
        "guidance": ", ".join(findings.guidance),
    }


def _changes(original: Result, shadow: ShadowResult) -> list[Change]:
    before, after = ({**_counted(findings), **_words(findings)} for findings in (original, shadow))
    return [
        Change(original.pk, original.mode, what, before[what], after[what])
        for what in before
        if before[what] != after[what]
    ]


def _words(findings: Findings) -> dict[str, str]:
    """Texts for the owner beside the counted aspects."""
    points = [{name: value for name, value in entry.items() if name != "overlay_uri"} for entry in _entries(findings)]
    return {
        "points": json.dumps(points, ensure_ascii=False, sort_keys=True),  # jsonb keeps an order of its own
        "explanation": findings.explanation,
        "disclaimer": findings.disclaimer,
    }


def _point_signals(findings: Findings) -> dict[int, str]:
    return {entry["point_index"]: entry["signal_detected"] for entry in _entries(findings)}


def _entries(findings: Findings) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = getattr(findings, findings.mode)[rules_of(findings.mode).block_items]
    return entries


def _write_csv(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
