"""A push sender for development: logs each push without its words and its token."""

from collections.abc import Mapping

import structlog

from notifications.channels.ports import Envelope

log = structlog.get_logger(__name__)


class ConsoleSender:
    def send(self, envelope: Envelope, *, target: Mapping[str, str]) -> None:
        log.info("push", delivery=str(envelope.delivery_id), kind=envelope.kind, **envelope.data)
