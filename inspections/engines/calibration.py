"""Load the calibration numbers that ship beside a head."""

import json
from pathlib import Path
from typing import Any


def load_numbers(path: Path) -> dict[str, Any]:
    """Return a calibration by name; lists become tuples, so that objects built from them are immutable."""
    stored: dict[str, Any] = json.loads(path.read_text())
    return {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
