"""The name of a vessel, and the key that is equal for all its spellings."""

from typing import Final

from maretech.common.text import composed, is_blank, name_key

MAX_NAME: Final = 120
# Case-folding writes one character as up to three.
MAX_KEY: Final = 3 * MAX_NAME


def vessel_name(text: str) -> str:
    """Return the name in NFC, stripped and cut to `MAX_NAME`; empty for invisible text.

    Input of the API is never cut. A label from before texts were stored in NFC may be longer in NFC.
    """
    return "" if is_blank(text) else composed(text).strip()[:MAX_NAME].rstrip()


def vessel_key(text: str) -> str:
    """Return the key of this name, equal for every spelling; empty for the unnamed vessel."""
    return name_key(vessel_name(text))


def numbered(name: str, number: int) -> str:
    """Return a name for another vessel of this name: "Tern (2)"."""
    suffix = f" ({number})"
    return f"{name[: MAX_NAME - len(suffix)].rstrip()}{suffix}".strip()
