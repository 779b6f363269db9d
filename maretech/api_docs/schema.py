"""Take the texts of an operation from the docstring of its handler."""

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
