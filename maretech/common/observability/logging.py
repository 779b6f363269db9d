"""Logs: JSON lines in production, readable lines in development, the request id on each."""

import logging.config
import os
import sys
from typing import Any, Final

import structlog
from structlog.typing import EventDict

SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_CLOCK: Final = structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False)


def logging_config(*, json_lines: bool, level: str) -> dict[str, Any]:
    """Configure structlog and the standard library's logging to write the same lines, and return the latter's dict."""
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # Tracebacks never show local variables: these could include a password or an address.
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    renderer: list[Any] = (
        [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer()]
        if json_lines
        else [
            _CLOCK,
            _id_last,
            structlog.dev.ConsoleRenderer(
                colors=_in_colour(), sort_keys=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Each request has its access line already. These would repeat it with the full path of signed links.
            "django.request": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "PIL": {"level": "INFO"},  # below INFO it logs EXIF data: the position, the maker
            # At DEBUG they would log the content of pages and the database look-ups of persons.
            "django.template": {"level": "INFO"},
            "django.db.backends": {"level": "INFO"},
            "botocore": {"level": "WARNING"},
            "urllib3": {"level": "INFO"},  # at DEBUG it logs each call's address; Google's has the purchase token
            "stripe": {"level": "WARNING"},  # below WARNING it logs every call, with the buyer's payment in its address
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
    logging.config.dictConfig(config)
    return config


def _in_colour() -> bool:
    """Return whether a person looks at the lines; NO_COLOR and FORCE_COLOR decide otherwise (no-color.org)."""
    return not os.environ.get("NO_COLOR") and (sys.stderr.isatty() or bool(os.environ.get("FORCE_COLOR")))


def _id_last(logger: Any, method: str, event: EventDict) -> EventDict:
    """Put what differs between lines before the long request id."""
    if "request_id" in event:
        event["request_id"] = event.pop("request_id")
    return event
