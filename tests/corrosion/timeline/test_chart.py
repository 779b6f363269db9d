"""Test the drawing of a timeline: safe, readable without colour, and of nothing but what the timeline says."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from corrosion.timeline.chart import canvas
from corrosion.timeline.chart.english import ENGLISH
from corrosion.timeline.chart.german import GERMAN
from corrosion.timeline.chart.scale import Scale
from corrosion.timeline.chart.svg import timeline_svg
from corrosion.timeline.shape import Event, PointTimeline, PointVisit, Segment, Step, Timeline
from tests.contract.test_mode_isolation import DIAGNOSIS, MEASURED, says
from tests.corrosion.timeline.boats import FIRST_DAY, maintain, photo, visits_of

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 1, 10)
HOSTILE = "</text><script>alert('1')</script>\"&\x07\ud800 "
NAMES = {
    "plain": "Tern",
    "arabic": "سفينة البحر الأبيض المتوسط",
    "japanese": "かもめ丸" * 20,
    "long": "the plate below the rubbing strake " * 4,
    "emoji": "👨‍👩‍👧 Åse & Søn's №1",
    "hostile": HOSTILE,
}
GOOD, REFUSED = Step("stable", comparable=True, reasons=()), Step(None, comparable=False, reasons=("too_uncertain",))


def visited(number: int, *, days: int = 30, band: str = "light", step: Step | None = GOOD, **changes) -> PointVisit:
    fields = {"signal_detected": "yes", "confidence_level": "high"} | changes
    return PointVisit(
        inspection_id=UUID(int=number),
        at=datetime(2026, 1, 10, tzinfo=UTC),
        day=DAY + timedelta(days=days * number),
        coverage_band=band,
        step=step if number else None,
        **fields,
    )


def lane(index: int, visits: list[PointVisit], *, label: str = "", trend: str | None = "stable") -> PointTimeline:
    ends = [visits[0].inspection_id, visits[-1].inspection_id]
    return PointTimeline(index, label, visits, [Segment(*ends, trend=trend)])


def event(kind: str = "painted", *, day: date = DAY, points: tuple[int, ...] = ()) -> Event:
    return Event(
        id=UUID(int=99),
        vessel_id=UUID(int=1),
        vessel_label="Tern",
        kind=kind,
        performed_on=day,
        points=points,
        note=HOSTILE,
        created_at=datetime(2026, 1, 10, tzinfo=UTC),
        changes_surface=kind in ("blasted", "painted"),
    )


def boat(*points: PointTimeline, name: str = "Tern", events=(), pending: bool = False) -> Timeline:
    return Timeline(vessel_id=UUID(int=1), name=name, points=points, events=events, pending=pending)


def drawn(timeline: Timeline, **options) -> ET.Element:
    return ET.fromstring(timeline_svg(timeline, **options))


def texts(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def shapes_in_lanes(root: ET.Element, tag: str, **attributes: str) -> list[ET.Element]:
    found = [each for group in root.iter(f"{SVG}g") for each in group.iter(f"{SVG}{tag}")]
    return [
        each for each in found if all(each.get(name.replace("_", "-")) == value for name, value in attributes.items())
    ]


def many(visits: int, points: int, **changes) -> Timeline:
    return boat(*[lane(index + 1, [visited(number) for number in range(visits)]) for index in range(points)], **changes)


# --- safety ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (40, 10)], ids=["one", "three", "forty"])
def test_a_drawing_is_well_formed_and_holds_no_script_style_or_link(name, size):
    visits, points = size
    lanes = [lane(index + 1, [visited(number) for number in range(visits)], label=name) for index in range(points)]
    text = timeline_svg(boat(*lanes, name=name, events=[event()]))
    root = ET.fromstring(text)
    tags = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "line", "path", "circle", "text"}
    attributes = {attribute for each in root.iter() for attribute in each.attrib}
    assert not {each for each in attributes if each == "style" or each.startswith("on") or "href" in each}
    assert "url(" not in text


def test_a_drawing_describes_itself_to_those_who_do_not_see_it():
    root = drawn(many(3, 2, name="Tern"), ids="chart")
    assert root.get("role") == "img"
    named = {each.get("id"): each for each in root if each.get("id")}
    title, description = (named[each] for each in root.get("aria-labelledby").split())
    assert (title.tag, title.text) == (f"{SVG}title", "Corrosion timeline of Tern")
    assert description.tag == f"{SVG}desc"
    assert "Visits: 3." in description.text
    assert "Point 2" in description.text


def test_everything_is_inside_the_drawing():
    root = drawn(many(40, 10, events=[event(day=DAY + timedelta(days=9 * number)) for number in range(30)]))
    width, height = (float(each) for each in root.get("viewBox").split()[2:])
    for each in root.iter(f"{SVG}text"):
        assert 0 <= float(each.get("x")) <= width
        assert 0 <= float(each.get("y")) <= height
    for each in root.iter(f"{SVG}circle"):
        assert 0 <= float(each.get("cx")) <= width
        assert 0 <= float(each.get("cy")) <= height


def test_a_long_label_is_cut_and_the_whole_one_is_in_the_title_of_its_lane():
    label = NAMES["japanese"]
    root = drawn(boat(lane(1, [visited(0)], label=label)))
    [group] = root.iter(f"{SVG}g")
    assert label in group.find(f"{SVG}title").text
    [shown] = [each for each in texts(root) if each.startswith("かもめ丸")]
    assert len(shown) < len(label)
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("text", "columns", "cut"),
    [
        ("bow", 3, "bow"),
        ("stern", 3, "ste…"),
        ("船首左", 4, "船首…"),
        ("e\u0301e\u0301e", 2, "e\u0301e\u0301…"),
        ("", 1, ""),
    ],
)
def test_a_text_is_cut_by_the_columns_that_its_script_takes(text, columns, cut):
    assert canvas.shorten(text, columns) == cut


# --- meaning -----------------------------------------------------------------------------------------------------
def test_an_empty_timeline_says_so():
    root = drawn(boat())
    assert ENGLISH.empty in texts(root)
    assert not list(root.iter(f"{SVG}circle"))


def test_each_visit_has_a_mark_and_a_higher_band_is_drawn_higher():
    bands = ["none", "trace", "light", "moderate", "heavy"]
    root = drawn(boat(lane(1, [visited(number, band=band) for number, band in enumerate(bands)])))
    heights = [float(each.get("cy")) for each in shapes_in_lanes(root, "circle")]
    assert len(heights) == 5
    assert heights == sorted(heights, reverse=True)
    across = [float(each.get("cx")) for each in shapes_in_lanes(root, "circle")]
    assert across == sorted(across)


def test_an_inconclusive_visit_is_not_drawn_as_a_clean_one():
    sure, unsure = (
        visited(0, band="none", signal_detected="no"),
        visited(1, band="none", signal_detected="inconclusive"),
    )
    one, other = shapes_in_lanes(drawn(boat(lane(1, [sure, unsure]))), "circle")
    assert one.get("cy") != other.get("cy")
    assert "not clear on 2026-02-09" in ENGLISH.description(boat(lane(1, [unsure])))


def test_low_confidence_is_hollow():
    marks = shapes_in_lanes(drawn(boat(lane(1, [visited(0), visited(1, confidence_level="low")]))), "circle")
    assert [each.get("fill") for each in marks] == [canvas.INK, "#ffffff"]


@pytest.mark.parametrize(("step", "dash"), [(GOOD, None), (REFUSED, "6 4"), (None, "2 4")])
def test_compared_refused_and_pending_steps_differ_by_their_line(step, dash):
    root = drawn(boat(lane(1, [visited(0), visited(1, step=step)])))
    [joined] = [each for each in shapes_in_lanes(root, "line") if each.get("stroke-width") == "1.5"]
    assert joined.get("stroke-dasharray") == dash


def test_the_trends_differ_by_their_shape():
    drawn_shapes = set()
    for trend in ("improving", "stable", "worsening"):
        step = Step(trend, comparable=True, reasons=())
        root = drawn(boat(lane(1, [visited(0), visited(1, step=step)])))
        [mark] = shapes_in_lanes(root, "path")
        drawn_shapes.add(mark.get("d"))
    assert len(drawn_shapes) == 3


def test_a_change_of_the_surface_breaks_the_line_and_marks_the_new_baseline():
    visits = [visited(number) for number in range(4)]
    ids = [each.inspection_id for each in visits]
    restarted = PointTimeline(1, "", visits, [Segment(ids[0], ids[1], "stable"), Segment(ids[2], ids[3], None)])
    root = drawn(boat(restarted, events=[event(day=visits[2].day)]))
    assert len([each for each in shapes_in_lanes(root, "line") if each.get("stroke-width") == "1.5"]) == 2
    assert len(shapes_in_lanes(root, "line", stroke_width="2.6")) == 1
    assert len(shapes_in_lanes(root, "rect", fill="none")) == 1


def test_maintenance_is_drawn_in_the_lanes_that_it_touches_only():
    painted, cleaned = event(points=(2,)), event("cleaned", day=DAY + timedelta(days=5))
    root = drawn(many(2, 3, events=[painted, cleaned]))
    assert len(shapes_in_lanes(root, "line", stroke_width="2.6")) == 1
    assert len(shapes_in_lanes(root, "line", stroke_dasharray="2 3")) == 3
    assert any("Point 2" in each and "painted" in each for each in texts(root))


def test_maintenance_before_the_first_visit_is_listed_and_separates_nothing():
    root = drawn(many(2, 1, events=[event(day=date(1990, 5, 1))]))
    assert not shapes_in_lanes(root, "line", stroke_width="2.6")
    assert any("1990-05-01" in each for each in texts(root))


def test_a_note_is_not_drawn():
    assert "alert" not in timeline_svg(many(2, 1, events=[event()]))


@pytest.mark.parametrize("years", [0, 1, 3, 10, 40, 120])
def test_the_axis_has_a_few_ticks_of_any_span(years):
    ticks = list(Scale(DAY, DAY.replace(year=DAY.year + years) + timedelta(days=20)).ticks())
    assert 1 <= len(ticks) <= 13
    assert len({label for _, label in ticks}) == len(ticks)


# --- words -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [ENGLISH, GERMAN], ids=["English", "German"])
def test_no_word_diagnoses_or_belongs_to_the_other_mode(words):
    sentences = list(words.every_sentence())
    assert len(sentences) > 20
    for sentence in sentences:
        assert not DIAGNOSIS.search(sentence), sentence
        assert not MEASURED.search(sentence), sentence
        assert not says("osmosis", sentence), sentence
        assert not re.search(r"better|worse|healthy|besser|schlechter|gesund|blasen|gelcoat", sentence), sentence


def test_a_chart_in_german_has_no_english_word():
    german = drawn(many(3, 2, events=[event(), event("anodes")], pending=True), words=GERMAN)
    assert not set(texts(german)) & set(ENGLISH.every_sentence())
    assert set(GERMAN.legend) <= set(texts(german))
    assert "Stellen: 2." in next(german.iter(f"{SVG}desc")).text


def contrast(colour: str) -> float:
    """Return the contrast with white, by WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def test_every_text_has_enough_contrast():
    root = drawn(many(3, 2, events=[event(), event("anodes")], pending=True))
    fills = {each.get("fill") for each in root.iter(f"{SVG}text")}
    assert fills
    assert min(map(contrast, fills)) >= 4.5
    assert min(map(contrast, (canvas.LARGER, canvas.SMALLER))) >= 4.5
    assert contrast("#ffffff") == pytest.approx(1)


# --- the call ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_drawing_is_served_as_an_image(subscriber, owner):
    visits_of(owner, [photo(0.1), photo(0.1)], vessel_label=NAMES["arabic"])
    maintain(subscriber, FIRST_DAY + timedelta(days=3), label=NAMES["arabic"])
    answer = subscriber.get(f"/corrosion/timeline.svg?vessel_label={NAMES['arabic']}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert int(answer["Retry-After"]) > 0
    root = ET.fromstring(answer.content)
    assert NAMES["arabic"] in root.find(f"{SVG}title").text
