"""The broker of a machine without services: kombu's filesystem transport, with messages that appear whole.

kombu opens a message's file under its final name and then fills it; a worker that reads it in between gets nothing, and
dies (kombu #1551).
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes under a temporary name: the parent reads only names that end in a queue's own."""

    # The signatures of the two parent classes already differ.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        whole = Path(self.data_folder_out, f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg")
        unfinished = whole.with_name(f"{whole.name}.unfinished")
        unfinished.write_text(dumps(payload))
        unfinished.replace(whole)


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """Make `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{Transport.__name__}"
