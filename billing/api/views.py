"""Paying, over REST."""

from typing import Any

import structlog
from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from billing.api.serializers import (
    OsmosisEntitlementSerializer,
    OsmosisMockRequestSerializer,
    ReceiptRequestSerializer,
    ReceiptStatusSerializer,
    SubscriptionStatusSerializer,
)
from billing.catalogue.products import product_in_force
from billing.entitlements import entitlements
from billing.errors import StoreUnavailable
from billing.providers.base import ProviderUnavailable
from billing.sync import receipts
from billing.vocabulary import ProductCode
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, answers

log = structlog.get_logger(__name__)


def present_osmosis(owner: Any) -> dict[str, Any]:
    entitlement = entitlements.osmosis_entitlement(owner)
    product = product_in_force(ProductCode.OSMOSIS_INSPECTION)
    return OsmosisEntitlementSerializer({"entitlement": entitlement, "product": product}).data


class OsmosisEntitlementView(APIView):
    @extend_schema(operation_id="entitlement_osmosis", responses=answers({200: OsmosisEntitlementSerializer}))
    def get(self, request: Request) -> Response:
        """Show what osmosis allows.

        Returns the credits to spend, the credits held by open inspections, and the price of one.
        """
        return Response(present_osmosis(request.user))


class OsmosisMockView(APIView):
    rate_limit = "payments"

    @extend_schema(
        operation_id="payment_osmosis_mock",
        parameters=[IDEMPOTENCY_KEY],
        request=OsmosisMockRequestSerializer,
        responses=answers({200: OsmosisEntitlementSerializer}, errors=(400, 404, 409, 413, 415, 422)),
    )
    def post(self, request: Request) -> Response:
        """Set the test pass.

        Turns the standing test pass on or off. It grants no credit. Only where mock billing is on, else 404.
        """
        if not settings.MOCK_BILLING:
            raise NotFound
        asked = OsmosisMockRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def effect() -> Outcome:
            entitlements.set_mock_osmosis_pass(owner=request.user, paid=asked.validated_data["paid"])
            return Outcome(200, {})

        return run_idempotent(request, effect=effect, present=lambda _: present_osmosis(request.user))


class SubscriptionStatusView(APIView):
    @extend_schema(operation_id="subscription_status", responses=answers({200: SubscriptionStatusSerializer}))
    def get(self, request: Request) -> Response:
        """Show the subscription.

        Returns whether a subscription is active, its plan, and when the paid period ends.
        """
        return Response(SubscriptionStatusSerializer(entitlements.corrosion_entitlement(request.user)).data)


class ReceiptValidationView(APIView):
    rate_limit = "payments"

    @extend_schema(
        operation_id="payment_validate",
        parameters=[IDEMPOTENCY_KEY],
        request=ReceiptRequestSerializer,
        responses=answers({200: ReceiptStatusSerializer}, errors=(400, 409, 413, 415, 422)),
    )
    def post(self, request: Request) -> Response:
        """Redeem a store receipt.

        Takes the App Store's signed transaction or Google Play's purchase JSON and grants what was bought, once per
        store transaction. A purchase that is not paid yet is `invalid` until it is: ask again, under the same
        `Idempotency-Key` if you like. A subscription that the store sold beside a live one is valid too.
        """
        asked = ReceiptRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        store, proved = asked.validated_data["provider"], _Proved()

        def prepare() -> None:
            proved.receipt = _verified(store=store, receipt=asked.validated_data["receipt"])

        def effect() -> Outcome:
            cause = f"receipt from the {store}"
            valid = proved.receipt is not None and receipts.take(
                owner=request.user, receipt=proved.receipt, cause=cause
            )
            proved.is_granted = valid
            # What is not valid now may be paid in a minute.
            return Outcome(200, {"status": "valid" if valid else "invalid"}, is_kept=valid)

        answer = run_idempotent(
            request, prepare=prepare, effect=effect, present=lambda reference: ReceiptStatusSerializer(reference).data
        )
        if proved.receipt is not None and proved.is_granted:
            receipts.acknowledge_soon(proved.receipt)
        return answer


class _Proved:
    """What was verified before the transaction, and what came of it."""

    receipt: receipts.Receipt | None = None
    is_granted = False


def _verified(*, store: str, receipt: str) -> receipts.Receipt | None:
    try:
        return receipts.verified(store=store, receipt=receipt)
    except ProviderUnavailable as error:
        log.warning("store not asked", store=store, error=str(error))
        raise StoreUnavailable from error
