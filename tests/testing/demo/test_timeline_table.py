"""Test the lines that the demo prints for a timeline."""

from datetime import timedelta

import pytest

from testing.demo.timeline_table import is_restarted, table
from tests.corrosion.timeline.boats import FIRST_DAY, finished, maintain, photo, visits_of

BETWEEN = {"trend": None, "comparable": False, "reasons": ["maintenance_between"]}
WORSE = {"trend": "worsening", "comparable": True, "reasons": []}
UNCERTAIN = {"trend": None, "comparable": False, "reasons": ["too_uncertain"]}


def visit(day, step, band="light"):
    return {
        "inspection_id": f"of {day}",
        "at": f"{day}T12:00:00Z",
        "coverage_band": band,
        "confidence_level": "high",
        "step": step,
    }


def point(index, visits, segments):
    named = [{"from": f"of {first}", "to": f"of {last}", "trend": trend} for first, last, trend in segments]
    return {"point_index": index, "label": "", "visits": visits, "segments": named}


def event(kind, day, *points):
    return {"kind": kind, "performed_on": day, "points": list(points)}


def lines_of(points, *events):
    return list(table({"points": points, "events": events}))[1:]


def test_work_stands_between_the_visits_that_it_separates():
    visits = [visit("2025-01-01", None), visit("2025-07-01", WORSE, "heavy"), visit("2026-01-01", BETWEEN, "trace")]
    segments = [("2025-01-01", "2025-07-01", "worsening"), ("2026-01-01", "2026-01-01", None)]
    assert lines_of([point(1, visits, segments)], event("painted", "2025-09-01")) == [
        "point 1",
        "2025-01-01   light     high        1        first visit",
        "2025-07-01   heavy     high        1        worsening",
        "2025-09-01   ---- painted ----",
        "2026-01-01   trace     high        2        not compared across the repaint",
        "segment 1: 2025-01-01 to 2025-07-01, worsening",
        "segment 2: 2026-01-01 to 2026-01-01, one visit",
    ]


def test_work_on_the_day_of_a_visit_stands_before_it():
    visits = [visit("2025-01-01", None), visit("2025-07-01", BETWEEN)]
    segments = [("2025-01-01", "2025-01-01", None), ("2025-07-01", "2025-07-01", None)]
    lines = lines_of([point(1, visits, segments)], event("blasted", "2025-07-01"))
    assert lines[2] == "2025-07-01   ---- blasted ----"
    assert lines[3].endswith("not compared across the blasting")


def test_work_on_other_points_is_not_shown():
    visits = [visit("2025-01-01", None)]
    segments = [("2025-01-01", "2025-01-01", None)]
    assert len(lines_of([point(1, visits, segments)], event("painted", "2024-01-01", 2))) == 3


def test_a_visit_without_a_trend_names_its_reasons():
    visits = [visit("2025-01-01", None), visit("2025-07-01", UNCERTAIN)]
    lines = lines_of([point(1, visits, [("2025-01-01", "2025-07-01", None)])])
    assert lines[2].endswith("not comparable (too_uncertain)")
    assert lines[3] == "segment 1: 2025-01-01 to 2025-07-01, not comparable"


@pytest.mark.parametrize(("step", "restarted"), [(None, False), (WORSE, False), (UNCERTAIN, False), (BETWEEN, True)])
def test_only_maintenance_between_restarts(step, restarted):
    assert is_restarted(step) is restarted


@pytest.mark.django_db
def test_the_table_shows_the_answer_of_the_api(subscriber, owner, predictor):
    visits_of(owner, [photo(0.05), photo(0.35), photo(0.05)])
    maintain(subscriber, FIRST_DAY + timedelta(days=15))
    body = finished(subscriber)
    assert is_restarted(body["points"][0]["visits"][-1]["step"])
    lines = list(table(body))
    assert [line.split()[0] for line in lines[2:6]] == ["2026-01-10", "2026-01-20", "2026-01-25", "2026-01-30"]
    assert lines[3].split()[-1] == "worsening"
    assert lines[5].endswith("not compared across the repaint")
