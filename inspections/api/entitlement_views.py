"""The corrosion entitlement needs policy and usage, so it is served here and not by billing."""

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from billing.entitlements import entitlements
from inspections.api.serializers import CorrosionEntitlementSerializer, MockSubscriptionSerializer
from inspections.lifecycle.allowance import corrosion_allowance
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, responses
from maretech.common.http.viewsets import APIViewSet


class EntitlementViewSet(APIViewSet):
    @extend_schema(operation_id="get_corrosion_entitlement", responses=responses({200: CorrosionEntitlementSerializer}))
    @action(detail=False)
    def corrosion(self, request: Request) -> Response:
        """Show what corrosion allows.

        Returns the free and allowed points, whether the free inspection is used, and the subscription.
        """
        return Response(CorrosionEntitlementSerializer(corrosion_allowance(caller(request))).data)


class SubscriptionViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "payments"

    @extend_schema(
        operation_id="mock_corrosion_subscription",
        parameters=[IDEMPOTENCY_KEY],
        request=MockSubscriptionSerializer,
        responses=responses({200: CorrosionEntitlementSerializer}, errors=(400, 404, 409, 413, 415, 422)),
    )
    @action(detail=False, methods=["post"], url_path="corrosion/mock")
    def corrosion_mock(self, request: Request) -> Response:
        """Set the test subscription.

        Turns the standing test subscription on or off. Only where mock billing is on, else 404.
        """
        if not settings.MOCK_BILLING:
            raise NotFound
        serializer = MockSubscriptionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)

        def effect() -> Outcome:
            entitlements.set_mock_corrosion_subscription(owner=caller(request), **serializer.validated_data)
            return Outcome(200, {})

        def present(_: dict[str, Any]) -> Any:
            return CorrosionEntitlementSerializer(corrosion_allowance(caller(request))).data

        return run_idempotent(request, effect=effect, present=present)
