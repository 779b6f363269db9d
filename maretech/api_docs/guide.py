"""The text that opens /v1/docs: guide.md, with the programs of `examples` and the list of open enums put in.

Tests run the programs against a server, so what the guide shows works.
"""

import re
from pathlib import Path
from typing import Final

from maretech.api_docs.hooks import OPEN_ENUMS

GUIDE: Final = Path(__file__).with_name("guide.md")
EXAMPLES_FOLDER: Final = Path(__file__).with_name("examples")
_LANGUAGES: Final = {".py": "python", ".sh": "bash", ".ts": "typescript"}
_PLACE: Final = re.compile(r"^\{\{ (\S+) \}\}$", re.MULTILINE)


def guide_text() -> str:
    """Return the guide in Markdown. Raises `FileNotFoundError` for a program that is not there."""
    text = _PLACE.sub(lambda place: _block(EXAMPLES_FOLDER / place[1]), GUIDE.read_text())
    return text.replace("{{open enums}}", ", ".join(f"`{name}`" for name in sorted(OPEN_ENUMS)))


def _block(program: Path) -> str:
    return f"```{_LANGUAGES[program.suffix]}\n{program.read_text().strip()}\n```"
