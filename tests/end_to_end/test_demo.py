"""Test `make demo` from its first line to its last, on a real server with workers."""

import io
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command

from maretech.management.commands import demo
from tests.dossiers.document.reading import text_of

pytestmark = pytest.mark.services
ESCALATION = (
    "written down by pocketsphinx",
    "sentences changed",
    "its printed code, without signing in: VALID",
    "views counted: 1",
    "appointment confirmed",
    "mailed calendar file appointment.ics: Petra Holm",
    "CHECKED_IN; a second scan: DUPLICATE",
    "payout scheduled for",
    "the first owner asks for the vessel: 404 NOT_FOUND",
    "dossier_ready: ",
    "handover_completed: ",
)


def test_the_demo_shows_a_timeline_with_a_repaint_and_the_escalation(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    for name in ("PHOTOS", "KEEP", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENGINE", "stub")
    monkeypatch.setattr(demo, "RENDERED_POINTS", 1)
    out = io.StringIO()
    call_command("demo", stdout=out)
    printed = out.getvalue()
    assert printed.count("not compared across the repaint") == 1
    assert printed.count("result_ready: ") == 4
    assert "the demo dates the second visit back by" in printed
    assert "sum 0.00" in printed
    chart = ET.parse(tmp_path / "demo" / "results" / "timeline.svg").getroot()
    assert chart.tag == "{http://www.w3.org/2000/svg}svg"
    for line in ESCALATION:
        assert printed.count(line) == 1, line
    assert "who has the metal boat now" in printed
    [dossier] = (tmp_path / "demo" / "results").glob("dossier-*.pdf")
    assert "the forward cabin first" in text_of(dossier.read_bytes())
