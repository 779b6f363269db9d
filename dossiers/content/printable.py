"""Names and labels as the document prints them: old ones cannot be changed, so they must not end a rendering."""

from dataclasses import fields, is_dataclass, replace
from typing import Any

from dossiers.document.content import DossierContent
from dossiers.document.fonts import drawable


def printable(content: DossierContent) -> DossierContent:
    """Return the content with U+FFFD for each character of its texts that no font draws.

    The statement stays: it is checked when it is written, and printed word for word.
    """
    printed: DossierContent = _printable(replace(content, statement=None))
    return replace(printed, statement=content.statement)


def _printable(value: Any) -> Any:
    """Return a value with its texts replaced. Tokens of a vocabulary are texts of ours, and stay."""
    if type(value) is str:
        return drawable(value)
    if isinstance(value, tuple):
        return tuple(map(_printable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _printable(getattr(value, field.name)) for field in fields(value)})
    return value
