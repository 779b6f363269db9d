"""Viewsets with some routes that authenticate by claims, and check the session in their own statement."""

from typing import Any, ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.api.lean import ClaimsView
from accounts.identity.authentication import ClaimsAuthentication


class ClaimsViewSet(ClaimsView, GenericViewSet[Any]):
    """A `ClaimsView` on routes with an action of `claims_actions`, and a usual viewset on all others.

    DRF signs in before it sets `action`, so this reads `action_map`, the actions of the route.
    """

    authentication_classes = APIView.authentication_classes  # type: ignore[assignment]
    claims_actions: ClassVar[frozenset[str]]

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [ClaimsAuthentication()] if self._by_claims() else super().get_authenticators()

    def check_throttles(self, request: Request) -> None:
        if self._by_claims():
            super().check_throttles(request)
        else:
            super(ClaimsView, self).check_throttles(request)

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if self._by_claims():
            return super().http_method_not_allowed(request, *args, **kwargs)
        return super(ClaimsView, self).http_method_not_allowed(request, *args, **kwargs)

    def _by_claims(self) -> bool:
        return not self.claims_actions.isdisjoint(self.action_map.values())
