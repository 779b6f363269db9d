"""The routes that the server answers, for comparison with the documented ones."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Not part of the API that the schema describes: the schema itself, its pages, operations' metrics, the staff's site,
# the pages of shared dossiers, and the session of the web app.
UNDOCUMENTED = re.compile(
    r"/v1/(schema|docs|contract|changelog)|/metrics|/admin.*|/static/.*|/share/.*|/app(/session.*)?"
)


def served(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """Return every (method, path) that the URL configuration answers."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from served(entry, path)
        else:
            yield from ((method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)) for method in methods_of(entry))


def methods_of(entry: URLPattern) -> list[str]:
    """Return the methods of a viewset's route, or of a view class."""
    answered = getattr(entry.callback, "actions", None) or dir(getattr(entry.callback, "view_class", None))
    return [method for method in METHODS if method.lower() in answered]
