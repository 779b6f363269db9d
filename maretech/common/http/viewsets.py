"""The base of the viewsets, and their routes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.urls import URLPattern, URLResolver
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

# Actions for everyone. A bad token is ignored: a caller with an ended session must be able to sign in again.
OPEN: Final[dict[str, Any]] = {"authentication_classes": (), "permission_classes": (AllowAny,)}


class APIViewSet(GenericViewSet[Any]):
    """A viewset. Each action may have its own limit, such as `@action(throttle_scope="credentials")`."""

    throttle_scope: ClassVar[str] = "default"
    lookup_value_converter: ClassVar[str] = "uuid"  # as in all ids

    def validated_body(self) -> dict[str, Any]:
        """Return the request's body as the action's serializer read it. Raises DRF's `ValidationError`."""
        serializer = self.get_serializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def routes(viewsets: Mapping[str, type[GenericViewSet[Any]]]) -> list[URLPattern | URLResolver]:
    """Return the routes of viewsets by prefix: none ends with a slash, and converters type the ids in them."""
    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    for prefix, viewset in viewsets.items():
        router.register(prefix, viewset, basename=prefix)
    return router.urls
