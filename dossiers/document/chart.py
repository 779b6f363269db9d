"""A drawn chart, split into its shapes and its texts.

The typesetter draws the shapes, and sets the texts itself: text inside an SVG knows one font only, and would lose the
letters of other scripts.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from dossiers.document.errors import ContentError

_SVG: Final = "{http://www.w3.org/2000/svg}"
# In units of the chart, which is as wide as the text.
_HIGHEST_PART: Final = 1000
_ABOVE_A_LANE: Final = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartText:
    """One text: its baseline in the units of the chart, its size, and where it is anchored (start, middle, end)."""

    x: float
    y: float
    size: float
    anchor: str
    bold: bool
    fill: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPart:
    """A strip of the chart that fits on a page. The places of its texts count from its own top."""

    width: float
    height: float
    shapes: bytes
    texts: tuple[ChartText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartParts:
    """The strips from top to bottom, and the description of the whole."""

    parts: tuple[ChartPart, ...]
    description: str


def split_chart(svg: str) -> ChartParts:
    """Return the chart in strips. Raises `ContentError` for another text than an SVG with a view box."""
    try:
        root = ET.fromstring(svg)  # noqa: S314 - drawn by our own code
        width, height = (float(part) for part in root.get("viewBox", "").split()[2:])
    except (ET.ParseError, ValueError) as problem:
        raise ContentError("The chart is not an SVG.") from problem
    texts = tuple(map(_text, root.iter(f"{_SVG}text")))
    description = root.findtext(f"{_SVG}desc", "")
    _remove(root, f"{_SVG}text", f"{_SVG}title", f"{_SVG}desc")
    ET.register_namespace("", _SVG[1:-1])
    edges = _edges(texts, height)
    parts = tuple(_part(root, texts, width, top, bottom) for top, bottom in pairwise(edges))
    return ChartParts(parts=parts, description=description)


def _edges(texts: tuple[ChartText, ...], height: float) -> list[float]:
    """Return where to cut: above the bold texts, which begin the lanes, so that no strip is too high if possible."""
    edges, last = [0.0], 0.0
    for text in sorted(texts, key=lambda text: text.y):
        above = text.y - _ABOVE_A_LANE * text.size
        if not text.bold or above <= edges[-1]:
            continue
        if above - edges[-1] > _HIGHEST_PART and last > edges[-1]:
            edges.append(last)
        last = above
    if height - edges[-1] > _HIGHEST_PART and last > edges[-1]:
        edges.append(last)
    return [*edges, height]


def _part(root: ET.Element, texts: tuple[ChartText, ...], width: float, top: float, bottom: float) -> ChartPart:
    root.set("viewBox", f"0 {top:g} {width:g} {bottom - top:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{bottom - top:g}")
    return ChartPart(
        width=width,
        height=bottom - top,
        shapes=ET.tostring(root),
        texts=tuple(replace(text, y=text.y - top) for text in texts if top <= text.y < bottom),
    )


def _remove(root: ET.Element, *tags: str) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in tags:
                parent.remove(child)


def _text(element: ET.Element) -> ChartText:
    return ChartText(
        x=float(element.attrib["x"]),
        y=float(element.attrib["y"]),
        size=float(element.get("font-size", "12")),
        anchor=element.get("text-anchor", "start"),
        bold=element.get("font-weight") == "bold",
        fill=element.get("fill", "#000000"),
        text="".join(element.itertext()),
    )
