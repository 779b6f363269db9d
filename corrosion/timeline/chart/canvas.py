"""Elements of an SVG as text. Plain Python.

No element has a style, a script or a link: the drawing is safe inside a page with any content security policy.
"""

import re
import unicodedata
from typing import Final
from xml.sax.saxutils import escape, quoteattr

INK: Final = "#1f2933"
QUIET_INK: Final = "#52606d"  # 6.4 : 1 on white
GRID: Final = "#d5dbe1"
STRIPE: Final = "#f3f5f7"
# Distinguishable by all kinds of colour vision, and 4.5 : 1 on white; each also has a shape of its own.
LARGER: Final = "#b34700"
SMALLER: Final = "#0067a3"

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE: Final = ("W", "F")


def element(name: str, content: str = "", **attributes: object) -> str:
    """Return an element. `content` is markup; an underscore in an attribute's name is written as a hyphen."""
    written = "".join(f" {key.replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def plain(text: str) -> str:
    """Return the text as markup that shows it, without what XML cannot hold."""
    return escape(_NOT_XML.sub("", text))


def text(
    x: float, y: float, words: str, *, size: int = 12, anchor: str = "start", fill: str = INK, **more: object
) -> str:
    return element(
        "text", plain(words), x=number(x), y=number(y), font_size=size, text_anchor=anchor, fill=fill, **more
    )


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = INK, width: float = 1, dash: str = "") -> str:
    dashes = {"stroke_dasharray": dash} if dash else {}
    return element(
        "line", x1=number(x1), y1=number(y1), x2=number(x2), y2=number(y2), stroke=stroke, stroke_width=width, **dashes
    )


def shape(points: str, *, fill: str, stroke: str = "none", width: float = 1) -> str:
    """Return a path."""
    return element("path", d=points, fill=fill, stroke=stroke, stroke_width=width)


def number(value: float) -> str:
    """Return the number with at most one digit behind the point."""
    return f"{value:.1f}".removesuffix(".0")


def shorten(words: str, columns: int) -> str:
    """Return the text cut to this many columns; a character of East Asian scripts takes two, a mark none."""
    taken = 0
    for position, character in enumerate(words):
        taken += _columns(character)
        if taken > columns:
            return words[:position].rstrip() + "…"
    return words


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
