"""Test `make demo` from its first line to its last, on a real server with workers."""

import io
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command

from maretech.management.commands import demo

pytestmark = pytest.mark.services


def test_the_demo_shows_a_timeline_with_a_repaint(settings, tmp_path, monkeypatch):
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
