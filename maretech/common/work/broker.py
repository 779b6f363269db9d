"""The broker of a machine without services: kombu's filesystem transport, with messages that appear whole.

kombu opens a message's file under its last name and fills it then; a worker that looks in between reads nothing, and
ends by that (kombu #1551).
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Its parent looks only at names that end in a queue's own."""

    # The two classes above this one already differ in it.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        whole = Path(self.data_folder_out, f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg")
        unfinished = whole.with_name(f"{whole.name}.unfinished")
        unfinished.write_text(dumps(payload))
        unfinished.replace(whole)


class Transport(filesystem.Transport):
    Channel = Channel


def install() -> None:
    """Have `filesystem://` mean this one."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:{Transport.__name__}"
