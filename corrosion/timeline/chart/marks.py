"""The marks of the chart: visits, steps, and maintenance. Each meaning has a shape, not only a colour. Plain Python."""

from corrosion.timeline.chart.canvas import INK, LARGER, QUIET_INK, SMALLER, element, line, number, shape
from corrosion.timeline.shape import Step
from corrosion.vocabulary import Trend
from inspections.vocabulary import ConfidenceLevel

RADIUS = 4.5


def visit_mark(x: float, y: float, *, confidence: str) -> str:
    """Return a dot; hollow if the confidence is low."""
    fill = "#ffffff" if confidence == ConfidenceLevel.LOW else INK
    return element("circle", cx=number(x), cy=number(y), r=RADIUS, fill=fill, stroke=INK, stroke_width=1.5)


def baseline_mark(x: float, y: float) -> str:
    """Return a square around the first visit to a new surface."""
    side = RADIUS + 3
    box = {"x": number(x - side), "y": number(y - side), "width": number(2 * side), "height": number(2 * side)}
    return element("rect", **box, fill="none", stroke=INK, stroke_width=1.5)


def step_line(x1: float, y1: float, x2: float, y2: float, step: Step | None) -> str:
    """Return the line from the visit before: solid if both are compared, dashed with a cross if they cannot be."""
    if step is None:
        return line(x1, y1, x2, y2, stroke=QUIET_INK, width=1.5, dash="2 4")
    if step.comparable:
        return line(x1, y1, x2, y2, width=1.5)
    dashed = line(x1, y1, x2, y2, stroke=QUIET_INK, width=1.5, dash="6 4")
    return dashed + cross((x1 + x2) / 2, (y1 + y2) / 2)


def cross(x: float, y: float) -> str:
    return shape(_path(x, y, "M-3.5,-3.5 L3.5,3.5 M-3.5,3.5 L3.5,-3.5"), fill="none", stroke=INK, width=1.8)


def trend_mark(x: float, y: float, trend: str) -> str:
    """Return the change since the visit before: an arrowhead up or down, or two bars."""
    if trend == Trend.WORSENING:
        return shape(_path(x, y, "M-5,4 L5,4 L0,-5 Z"), fill=LARGER, stroke=INK, width=0.8)
    if trend == Trend.IMPROVING:
        return shape(_path(x, y, "M-5,-4 L5,-4 L0,5 Z"), fill=SMALLER, stroke=INK, width=0.8)
    return shape(_path(x, y, "M-4.5,-2 L4.5,-2 M-4.5,2 L4.5,2"), fill="none", stroke=INK, width=1.6)


def maintenance_line(x: float, top: float, bottom: float, *, changes_surface: bool) -> str:
    """Return a line through a lane: thick with a diamond if the surface is another from here on, else thin."""
    if not changes_surface:
        return line(x, top, x, bottom, stroke=QUIET_INK, width=1.2, dash="2 3")
    return line(x, top, x, bottom, width=2.6) + diamond(x, top)


def diamond(x: float, y: float) -> str:
    return shape(_path(x, y, "M0,-6 L5,0 L0,6 L-5,0 Z"), fill=INK)


def _path(x: float, y: float, relative: str) -> str:
    """Return a path of absolute commands, moved to this place."""
    moved = []
    for word in relative.split():
        if word == "Z":
            moved.append(word)
            continue
        across, down = word[1:].split(",")
        moved.append(f"{word[0]}{number(x + float(across))},{number(y + float(down))}")
    return " ".join(moved)
