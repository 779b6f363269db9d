"""Take the texts of an operation from the docstring of its handler.

An operation's id is a verb and what it acts upon: `open_inspection`, `list_vessels`, `get_order`. Generators name
functions by it. A `GET` of one thing is `get_`, of several `list_`; a `DELETE` is `delete_` or `end_`; others have the
verb of the product. tests/contract/test_routes.py asserts it.
"""

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema

from maretech.common.http.deprecation import Deprecation


class DocumentedSchema(AutoSchema):
    """The first line of the handler's docstring is the summary, the rest is the description."""

    def get_summary(self) -> str:
        return self._paragraphs()[0].removesuffix(".")

    def get_description(self) -> str:  # type: ignore[override]  # the stubs know DRF's own generator only
        return self._paragraphs()[1]

    def is_deprecated(self) -> bool:
        return self._mark() is not None

    def get_extensions(self) -> dict[str, Any]:
        """Add the day until which a deprecated operation works at least."""
        mark = self._mark()
        return super().get_extensions() | ({} if mark is None else {"x-sunset": mark.sunset.isoformat()})

    def _mark(self) -> Deprecation | None:
        return getattr(self._handler(), "deprecation", None)

    def _handler(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", self.method.lower()), None)

    def _paragraphs(self) -> tuple[str, str]:
        """Summary and description of the handler. Empty strings where a docstring lacks them."""
        summary, _, description = (inspect.getdoc(self._handler()) or "").partition("\n\n")
        return " ".join(summary.split()), " ".join(description.split())
