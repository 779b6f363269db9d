"""Test how a chart is taken apart: no text and no strip of it is lost."""

from xml.etree import ElementTree as ET

import pytest

from dossiers.document.chart import split_chart
from dossiers.document.errors import ContentError
from testing.samples.sample_dossiers import sample_dossier
from tests.dossiers.document.reading import text_of


def chart_of(points: int) -> str:
    timeline = sample_dossier(visits=2, points=points).timeline
    assert timeline is not None
    return timeline.svg


@pytest.mark.parametrize("points", [1, 4, 7, 10])
def test_every_text_stands_in_exactly_one_strip_inside_of_it(points):
    svg = chart_of(points)
    given = [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    parts = split_chart(svg).parts
    assert sorted(text.text for part in parts for text in part.texts) == sorted(given)
    for part in parts:
        assert all(0 <= text.y <= part.height for text in part.texts)


@pytest.mark.parametrize(("points", "strips"), [(1, 1), (4, 1), (7, 2), (10, 2)])
def test_the_strips_are_the_whole_chart_and_none_is_higher_than_a_page(points, strips):
    svg = chart_of(points)
    parts = split_chart(svg).parts
    height = float(ET.fromstring(svg).attrib["viewBox"].split()[3])
    assert len(parts) == strips
    assert sum(part.height for part in parts) == pytest.approx(height)
    assert all(part.height <= 1000 for part in parts)


def test_the_shapes_keep_no_text_and_show_their_own_strip():
    first, second = split_chart(chart_of(10)).parts
    tops = []
    for part in (first, second):
        root = ET.fromstring(part.shapes)
        assert not list(root.iter("{http://www.w3.org/2000/svg}text"))
        tops.append(float(root.attrib["viewBox"].split()[1]))
    assert tops == [0, first.height]


def test_the_description_stands_for_the_whole():
    assert "Points: 10." in split_chart(chart_of(10)).description


@pytest.mark.parametrize("svg", ["", "chart", "<svg/>", "<svg viewBox='0 0 1'/>", "<svg viewBox='a b c d'/>"])
def test_another_text_than_a_chart_is_refused(svg):
    with pytest.raises(ContentError):
        split_chart(svg)


def test_a_long_chart_is_printed_on_two_pages_with_every_point():
    text = text_of(sample_dossier(visits=2, points=10))
    course = text[text.rindex("Course over time") :]
    assert all(f"Point {number} " in course for number in range(1, 11))
