"""Take the texts of an operation from the docstring of its handler.

An operation's id is a verb and what it acts upon: `open_inspection`, `list_vessels`, `get_order`. Generators name
functions by it. A `GET` of one thing is `get_`, of several `list_`; a `DELETE` is `delete_` or `end_`; others have the
verb of the product. tests/contract/test_routes.py asserts it.
"""

import inspect

from drf_spectacular.openapi import AutoSchema


class DocumentedSchema(AutoSchema):
    """The first line of the handler's docstring is the summary, the rest is the description."""

    def get_summary(self) -> str:
        return self._paragraphs()[0].removesuffix(".")

    def get_description(self) -> str:  # type: ignore[override]  # the stubs know DRF's own generator only
        return self._paragraphs()[1]

    def _paragraphs(self) -> tuple[str, str]:
        """Summary and description of the handler. Empty strings where a docstring lacks them."""
        handler = getattr(self.view, getattr(self.view, "action", self.method.lower()), None)
        summary, _, description = (inspect.getdoc(handler) or "").partition("\n\n")
        return " ".join(summary.split()), " ".join(description.split())
