"""What a page consists of, as data for the template. Every text is printed literally; none is markup."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table. `page_of` names an anchor; its page number follows the text; `level` of `levels` is drawn."""

    text: str = ""
    rtl: bool = False
    small: str = ""
    strong: bool = False
    fixed: bool = False
    page_of: str = ""
    level: int = 0
    levels: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """`mark` is the kind of the text below: recorded, reading or owner. `listed`: in the table of contents."""

    text: str
    level: int = 1
    mark: str = ""
    anchor: str = ""
    new_page: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """`style` is body, lead, small, or intro (small, and on the page of what follows)."""

    text: str
    style: str = "body"
    rtl: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`widths` are shares of the page ("1fr") or "auto"; `mark` names the kind of its content."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[str, ...]
    mark: str = ""
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    file: str
    alt: str
    caption: str
    note: str = ""
    anchor: str = ""
    mark: str = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """The pictures of one visit, two in a row."""

    items: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The pictures of several visits: a column per visit, named in `columns`; None where a visit has no such photo."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Picture | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """Lines for a pen on the rest of the page, if there is enough of it."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of another, set apart. `language` is that of the text; each paragraph has its own direction."""

    paragraphs: tuple[Paragraph, ...]
    mark: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The key of the three kinds of text: mark, name and meaning of each."""

    items: tuple[tuple[str, str, str], ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    file: str
    width: float
    height: float
    texts: tuple[dict[str, Any], ...]
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A code to scan beside what it is for."""

    file: str
    alt: str
    url: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    kind: str
    name: str
    rtl: bool
    title: str
    lines: tuple[str, ...]
    note: str
    file: str
    alt: str
    scan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    title: str


Block = (
    Heading
    | Paragraph
    | Bullets
    | Table
    | Pictures
    | Visits
    | Notes
    | Quote
    | Marks
    | Chart
    | Verification
    | Cover
    | Contents
)


def as_data(block: Block) -> dict[str, Any]:
    """Return the block for the template, which draws it by its type."""
    return {"type": type(block).__name__.lower(), **asdict(block)}
