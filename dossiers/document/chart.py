"""A drawn chart, split into its shapes and its texts.

The typesetter draws the shapes, and sets the texts itself: text inside an SVG knows one font only, and would lose the
letters of other scripts.
"""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from dossiers.document.errors import ContentError

_SVG = "{http://www.w3.org/2000/svg}"


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
class ChartParts:
    width: float
    height: float
    shapes: bytes
    texts: tuple[ChartText, ...]
    description: str


def split_chart(svg: str) -> ChartParts:
    """Return the parts of a chart. Raises `ContentError` for another text than an SVG."""
    try:
        root = ET.fromstring(svg)  # noqa: S314 - drawn by our own code
    except ET.ParseError as problem:
        raise ContentError("The chart is not an SVG.") from problem
    width, height = (float(part) for part in root.attrib["viewBox"].split()[2:])
    texts = tuple(_text(element) for element in root.iter(f"{_SVG}text"))
    description = root.findtext(f"{_SVG}desc", "")
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{_SVG}text", f"{_SVG}title", f"{_SVG}desc"):
                parent.remove(child)
    ET.register_namespace("", _SVG[1:-1])
    return ChartParts(width=width, height=height, shapes=ET.tostring(root), texts=texts, description=description)


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
