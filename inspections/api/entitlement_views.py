"""The corrosion entitlement needs policy and usage, so it is served here and not by billing."""

from dataclasses import asdict

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.entitlements import entitlements
from inspections.api.serializers import CorrosionEntitlementSerializer, MockSubscriptionSerializer
from inspections.lifecycle.allowance import corrosion_allowance
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, answers


class CorrosionEntitlementView(APIView):
    @extend_schema(operation_id="entitlement_corrosion", responses=answers({200: CorrosionEntitlementSerializer}))
    def get(self, request: Request) -> Response:
        """Show what corrosion allows.

        Returns the free and allowed points, whether the free inspection is used, and the subscription.
        """
        return Response(asdict(corrosion_allowance(request.user)))


class CorrosionMockView(APIView):
    rate_limit = "payments"

    @extend_schema(
        operation_id="subscription_corrosion_mock",
        parameters=[IDEMPOTENCY_KEY],
        request=MockSubscriptionSerializer,
        responses=answers({200: CorrosionEntitlementSerializer}, errors=(400, 404, 409, 413, 415, 422)),
    )
    def post(self, request: Request) -> Response:
        """Set the test subscription.

        Turns the standing test subscription on or off. Only where mock billing is on, else 404.
        """
        if not settings.MOCK_BILLING:
            raise NotFound
        asked = MockSubscriptionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def effect() -> Outcome:
            entitlements.set_mock_corrosion_subscription(owner=request.user, **asked.validated_data)
            return Outcome(200, {})

        return run_idempotent(request, effect=effect, present=lambda _: asdict(corrosion_allowance(request.user)))
