"""The caller's osmosis entitlement and subscription."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from accounts.models import User
from billing.api.serializers import OsmosisEntitlementSerializer, SubscriptionStatusSerializer
from billing.catalogue.products import product_that_grants
from billing.entitlements import entitlements
from billing.vocabulary import Grant
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet


def present_osmosis(owner: User) -> dict[str, Any]:
    """Return the answer about the owner's osmosis entitlement."""
    entitlement = entitlements.osmosis_entitlement(owner)
    product = product_that_grants(Grant.INSPECTION_CREDIT)
    return OsmosisEntitlementSerializer({"entitlement": entitlement, "product": product}).data


class EntitlementViewSet(APIViewSet):
    @extend_schema(operation_id="get_osmosis_entitlement", responses=responses({200: OsmosisEntitlementSerializer}))
    @action(methods=["get"], detail=False)
    def osmosis(self, request: Request) -> Response:
        """Show what osmosis allows.

        Returns the credits to spend, the credits held by open inspections, and the price of one.
        """
        return Response(present_osmosis(caller(request)))


class SubscriptionViewSet(APIViewSet):
    @extend_schema(operation_id="get_subscription", responses=responses({200: SubscriptionStatusSerializer}))
    @action(methods=["get"], detail=False)
    def status(self, request: Request) -> Response:
        """Show the subscription.

        Returns whether a subscription is active, its plan, and when the paid period ends.
        """
        return Response(SubscriptionStatusSerializer(entitlements.corrosion_entitlement(caller(request))).data)
