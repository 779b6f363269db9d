"""Contents of dossiers: for tests and for the measurement of their cost. The same call gives the same bytes.

`python -m testing.samples.sample_dossiers FOLDER` writes some with drawn photos, to look at.
"""

import hashlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from uuid import UUID

import cv2
import numpy as np

from corrosion.timeline.chart.languages import WORDS
from corrosion.timeline.chart.svg import timeline_svg
from corrosion.timeline.shape import Event, PointTimeline, PointVisit, Segment, Step
from corrosion.timeline.shape import Timeline as Course
from dossiers.document.content import (
    CaptureFacts,
    Change,
    Disclaimer,
    DossierContent,
    Language,
    Paper,
    PhotoFacts,
    Pictures,
    PointFacts,
    Statement,
    StatementOrigin,
    Timeline,
    VesselFacts,
    Visit,
    Work,
)
from dossiers.document.render import render_pdf
from inspections.engines.base import Circle, Rgb
from inspections.engines.imaging.display_copy import VIEW_LONG_SIDE_PX, viewing_copy
from inspections.engines.overlay import draw_circles, draw_hatching, encode_png
from inspections.vocabulary import ConfidenceLevel, Mode, SignalDetected
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate

FIRST_VISIT: Final = datetime(2025, 4, 12, 9, 30, tzinfo=UTC)
BETWEEN_VISITS: Final = timedelta(days=182)
LABELS: Final = ("Bow, port side", "Waterline amidships", "Rudder heel", "Keel, starboard", "Stern tube")
Key = tuple[int, int, int]  # visit, point, place among the angles
Draw = Callable[[Mode, Key, float], Pictures]
ANGLES: Final = ("wide", "mid", "close")
_SEVERITIES: Final = {
    Mode.CORROSION: (("light", 0.04), ("heavy", 0.4), ("none", 0.0), ("moderate", 0.18), ("trace", 0.01)),
    Mode.OSMOSIS: (("few", 8), ("many", 110), ("none", 0), ("several", 40), ("few", 12)),
}
_EXPLANATIONS: Final = {
    Mode.CORROSION: "The photos show large areas consistent with rust. The clearest signs are at Waterline amidships.",
    Mode.OSMOSIS: "The photos show many raised spots consistent with blistering of the gelcoat.",
}
_DISCLAIMERS: Final = {
    Mode.CORROSION: "This report describes what can be seen in your photos of a metal hull. It is not a survey.",
    Mode.OSMOSIS: "This report describes what can be seen in your photos of the gelcoat. It is not a survey.",
}
DISCLAIMER_TEXT: Final = (
    "Maretech looks at your photographs and reports visual signals. This is not a diagnosis and not a survey. That no "
    "signal was seen does not mean that the hull is sound. Have a qualified marine surveyor examine the vessel."
)
STATEMENT: Final = (
    "I bought Tern in 2019. The bottom was blasted in spring 2022 and painted with five coats of epoxy.\n\n"
    "This year I noticed brown streaks below the waterline on the port side after lifting out. The weld near the "
    "rudder heel was ground down by the yard; I do not know why."
)


@cache
def plain_pictures(mode: Mode, key: Key, severity: float) -> Pictures:
    """Return quick pictures, each of another colour."""
    visit, index, place = key
    pixels = np.full((150, 200, 3), (40 + 60 * place, 30 * visit % 256, 25 * index % 256), np.uint8)
    return Pictures(viewing_copy(pixels), encode_png(pixels[::-1]) if ANGLES[place] == "mid" else None)


@cache
def drawn_pictures(mode: Mode, key: Key, severity: float, *, long_side_px: int = VIEW_LONG_SIDE_PX) -> Pictures:
    """Return the display copy of a drawn photo; that of the mid angle has a marked-up copy too."""
    visit, index, place = key
    angle, size = ANGLES[place], (long_side_px, long_side_px * 3 // 4)
    if mode == Mode.CORROSION:
        pixels = render_hull_plate(seed=700 + index, angle=angle, rust=severity, size=size, visit=visit)
    else:
        pixels = render_gelcoat(seed=700 + index, angle=angle, blisters=round(severity), size=size, visit=visit)
    return Pictures(viewing_copy(pixels), _marked(mode, pixels, severity, index) if angle == "mid" else None)


def sample_dossier(
    *,
    mode: Mode = Mode.CORROSION,
    language: Language = Language.EN,
    paper: Paper = Paper.A4,
    visits: int = 1,
    points: int = 4,
    draw: Draw = plain_pictures,
    left_out: bool = True,
) -> DossierContent:
    """Return a dossier of a boat with a name and a statement; with `left_out`, one photo was not usable."""
    seen = tuple(_visit(mode, number, points=points, draw=draw, left_out=left_out) for number in range(visits))
    return DossierContent(
        dossier_id=UUID("5b0c7a52-6f1e-4c0c-9d5e-2f6d9a4f1c33"),
        mode=mode,
        language=language,
        paper=paper,
        created_at=FIRST_VISIT + BETWEEN_VISITS * visits,
        vessel=VesselFacts(
            name="Tern",
            hull_material="steel" if mode == Mode.CORROSION else "grp",
            length_m=11.4,
            built_year=1987,
            hull_id="NL-ABC12345D687",
            home_port="Harlingen",
        ),
        visits=seen,
        disclaimer=Disclaimer(version="1", text=DISCLAIMER_TEXT, accepted_at=FIRST_VISIT - timedelta(days=3)),
        verification_url="https://maretech.example.org/v1/verify/" + "MFRGGZDFMZTWQ2LK" * 11,
        statement=Statement(text=STATEMENT, origin=StatementOrigin.TRANSCRIBED, transcriber="pocketsphinx 5.1"),
        timeline=_timeline(seen, language) if mode == Mode.CORROSION and visits > 1 else None,
        time_zone="Europe/Amsterdam",
    )


def _visit(mode: Mode, number: int, *, points: int, draw: Draw, left_out: bool) -> Visit:
    at = FIRST_VISIT + BETWEEN_VISITS * number
    return Visit(
        inspection_id=UUID(int=1000 + number),
        submitted_at=at,
        completed_at=at + timedelta(minutes=2),
        signal_detected=SignalDetected.YES,
        confidence_level=ConfidenceLevel.MEDIUM,
        guidance=("consider_professional_survey", "monitor"),
        explanation=_EXPLANATIONS[mode],
        disclaimer=_DISCLAIMERS[mode],
        model_version=f"{mode}-2026.2+1f0c9ab3e5d7.calibrated",
        policy_version=2,
        points=tuple(_point(mode, number, index, at, draw=draw, left_out=left_out) for index in range(1, points + 1)),
        context=CaptureFacts(
            hull_material="steel" if mode == Mode.CORROSION else "grp",
            surface="wet",
            antifouling="present",
            region_text="Underwater hull, both sides",
            hauled_out_at=at - timedelta(hours=1),
            hours_ashore=0.8 if mode == Mode.OSMOSIS else None,
        ),
        label="Spring" if number % 2 == 0 else "Autumn",
    )


def _point(mode: Mode, visit: int, index: int, at: datetime, *, draw: Draw, left_out: bool) -> PointFacts:
    severities = _SEVERITIES[mode]
    band, severity = severities[(index - 1) % len(severities)]
    clean = band == "none"
    photos = tuple(
        _photo(mode, (visit, index, place), at, severity, draw=draw, left_out=left_out) for place in range(len(ANGLES))
    )
    return PointFacts(
        point_index=index,
        label=LABELS[(index - 1) % len(LABELS)],
        band=band,
        signal_detected=SignalDetected.NO if clean else SignalDetected.YES,
        confidence_level=ConfidenceLevel.LOW if index % 2 else ConfidenceLevel.MEDIUM,
        photos=photos,
    )


def _photo(
    mode: Mode, key: tuple[int, int, int], at: datetime, severity: float, *, draw: Draw, left_out: bool
) -> PhotoFacts:
    visit, index, place = key
    used = not left_out or key != (0, 3, 1)
    return PhotoFacts(
        asset_id=UUID(int=visit * 1_000_000 + index * 1000 + place + 1),
        angle=ANGLES[place],
        sha256=hashlib.sha256(repr((mode, key)).encode()).hexdigest(),
        used=used,
        reasons=() if used else ("blurred",),
        taken_at=at - timedelta(minutes=40 - 3 * index - place),
        received_at=at - timedelta(minutes=10),
        content_type="image/jpeg",
        byte_size=3_400_000 + 1000 * index + place,
        device_model="Fairphone 5",
        os="Android 15",
        app_version="2.4.1",
        pictures=draw(mode, key, severity) if used else None,
    )


def _marked(mode: Mode, pixels: Rgb, severity: float, seed: int) -> bytes:
    if mode == Mode.OSMOSIS:
        places = np.random.default_rng(seed).uniform(0.1, 0.9, (round(severity), 2)) * pixels.shape[1::-1]
        return encode_png(draw_circles(pixels, [Circle(x=x, y=y, radius=12) for x, y in places.tolist()]))
    red, _, blue = (pixels[..., channel].astype(int) for channel in range(3))
    mask = cv2.morphologyEx((red - blue > 50).astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) > 0
    return encode_png(draw_hatching(pixels, mask) if severity else pixels)


def _timeline(visits: Sequence[Visit], language: Language) -> Timeline:
    work = Work(kind="painted", performed_on=date(2025, 8, 20), points=(2,), note="Two coats of primer by the yard")
    course = Course(
        vessel_id=UUID(int=1),
        name="Tern",
        points=[_lane(point, visits) for point in visits[-1].points],
        events=[
            Event(
                id=UUID(int=2),
                vessel_id=UUID(int=1),
                vessel_label="Tern",
                kind=work.kind,
                performed_on=work.performed_on,
                points=work.points,
                note=work.note,
                created_at=FIRST_VISIT,
                changes_surface=True,
            )
        ],
        pending=False,
    )
    changes = tuple(
        Change(
            point_index=point.point_index,
            label=point.label,
            from_at=before.submitted_at,
            to_at=after.submitted_at,
            trend=_trend(point, number),
            reasons=() if _trend(point, number) else ("maintenance_between",),
        )
        for number, (before, after) in enumerate(pairwise(visits), start=1)
        for point in after.points
    )
    return Timeline(svg=timeline_svg(course, words=WORDS[language]), changes=changes, works=(work,))


def _trend(point: PointFacts, number: int) -> str | None:
    """Return the change from the visit before to this one. Point 2 was painted between the first and the second."""
    return None if (point.point_index, number) == (2, 1) else "stable"


def _step(point: PointFacts, number: int) -> Step:
    trend = _trend(point, number)
    return Step(trend, comparable=trend is not None, reasons=() if trend else ("maintenance_between",))


def _lane(point: PointFacts, visits: Sequence[Visit]) -> PointTimeline:
    return PointTimeline(
        point.point_index,
        point.label,
        [
            PointVisit(
                inspection_id=visit.inspection_id,
                at=visit.submitted_at,
                day=visit.submitted_at.date(),
                coverage_band=point.band,
                signal_detected=str(point.signal_detected),
                confidence_level="medium",
                step=_step(point, number) if number else None,
            )
            for number, visit in enumerate(visits)
        ],
        [Segment(visits[0].inspection_id, visits[-1].inspection_id, "stable")],
    )


def main() -> None:
    """Write dossiers with drawn photos into the folder that is named: to look at, page by page."""
    folder = Path(sys.argv[1])
    for mode, language, paper, visits in (
        (Mode.CORROSION, Language.EN, Paper.A4, 1),
        (Mode.CORROSION, Language.DE, Paper.A4, 3),
        (Mode.OSMOSIS, Language.EN, Paper.LETTER, 2),
        (Mode.OSMOSIS, Language.DE, Paper.A4, 1),
    ):
        content = sample_dossier(mode=mode, language=language, paper=paper, visits=visits, draw=drawn_pictures)
        file = folder / f"{mode}-{language}-{paper}-{visits}.pdf"
        file.write_bytes(render_pdf(content))
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
