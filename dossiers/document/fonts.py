"""The fonts of a document, all from installed packages, and the characters that they draw.

The typesetter sees no font of the machine: the same text looks the same everywhere.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dossiers.document.errors import UndrawableText

if TYPE_CHECKING:
    import typst

FIXED_WIDTH: Final = "DejaVu Sans Mono"  # inside typst; for hashes and addresses
_NOTO: Final = "manimgx_fonts"
_NOTO_CJK: Final = "manimgx_fonts_cjk"
_SCRIPTS: Final = (
    "Arabic",
    "Armenian",
    "Bengali",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thai",
)
_CJK: Final = "Noto Sans CJK SC"  # its four siblings have the same characters
_CJK_INDEX: Final = 2
_MOST_NAMED: Final = 5
REPLACEMENT: Final = "\ufffd"
# In the order of choice. Emoji last: that font also has digits.
TEXT_FAMILIES: Final = (
    "Noto Sans",
    *(f"Noto Sans {script}" for script in _SCRIPTS),
    _CJK,
    "Noto Sans Symbols",
    "Noto Emoji",
)
# Without a glyph on purpose: blanks, line ends, joiners, marks of direction, variation selectors, parts of flags.
_INVISIBLE: Final = frozenset(
    [
        *"\t\r\n\u00ad\u2028\u2029\u2060",
        *map(chr, (*range(0x200B, 0x2010), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10))),
    ]
    + [chr(code) for code in range(0xE0020, 0xE0080)]
)


@cache
def shipped_fonts() -> "typst.Fonts":
    """Return the fonts for the typesetter. Raises `RuntimeError` if a family is missing, which would drop text."""
    import typst  # noqa: PLC0415 - only the process that typesets needs it

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[_folder(_NOTO), _folder(_NOTO_CJK)],
    )
    missing = {*TEXT_FAMILIES, FIXED_WIDTH} - set(fonts.families())
    if missing:
        raise RuntimeError(f"Fonts are not installed: {', '.join(sorted(missing))}")
    return fonts


def undrawable(text: str) -> tuple[str, ...]:
    """Return the characters that no font draws, in order, each once."""
    left = dict.fromkeys(text)
    for characters in _repertoires():
        left = {character: None for character in left if character not in characters}
        if not left:
            break
    return tuple(left)


def without_undrawable(text: str) -> str:
    """Return the text without the characters that no font draws, and without blanks at its ends."""
    return text.translate(dict.fromkeys(map(ord, undrawable(text)))).strip()


def drawable(text: str) -> str:
    """Return the text with U+FFFD for each character that no font draws."""
    return text.translate(dict.fromkeys(map(ord, undrawable(text)), REPLACEMENT))


def check_drawable(text: str, *, where: str) -> None:
    """Raise `UndrawableText` if a character of the text cannot be drawn."""
    if characters := undrawable(text):
        raise UndrawableText(where=where, characters=characters, named=named(characters))


def named(characters: Sequence[str]) -> str:
    """Return the first characters with their names, for who has to replace them."""
    more = ", …" if len(characters) > _MOST_NAMED else ""
    return ", ".join(map(_name, characters[:_MOST_NAMED])) + more


def font_of(character: str) -> str:
    """Return the first family that draws the character; the main one if none does."""
    for family, path, index in _font_files():
        if character in _characters(path, index):
            return family
    return TEXT_FAMILIES[0]


def _name(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'without a name').lower()})"


def _repertoires() -> Iterator[frozenset[str]]:
    yield _INVISIBLE
    for _, path, index in _font_files():
        yield _characters(path, index)


def _font_files() -> Iterator[tuple[str, Path, int]]:
    for family in TEXT_FAMILIES:
        if family == _CJK:
            yield family, _folder(_NOTO_CJK) / "NotoSansCJK-VF.otf.ttc", _CJK_INDEX
        else:
            yield family, _folder(_NOTO) / f"{family.replace(' ', '')}[wght].ttf", 0


@cache
def _characters(path: Path, index: int) -> frozenset[str]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only who checks a text needs it

    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@cache
def _folder(package: str) -> Path:
    return Path(str(files(package)))
