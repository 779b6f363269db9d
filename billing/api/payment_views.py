"""Payments that are not made on a provider's page: store receipts, and the test pass."""

from typing import ClassVar

import structlog
from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from billing.api.entitlement_views import present_osmosis
from billing.api.serializers import (
    OsmosisEntitlementSerializer,
    OsmosisMockRequestSerializer,
    ReceiptRequestSerializer,
    ReceiptStatusSerializer,
)
from billing.entitlements import entitlements
from billing.errors import ReceiptStoreUnavailable
from billing.providers.base import ProviderUnavailable
from billing.sync import receipts
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, responses
from maretech.common.http.viewsets import APIViewSet

log = structlog.get_logger(__name__)


class PaymentViewSet(APIViewSet):
    throttle_scope: ClassVar[str] = "payments"

    @extend_schema(
        operation_id="mock_osmosis_payment",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses({200: OsmosisEntitlementSerializer}, errors=(400, 404, 409, 413, 415, 422)),
    )
    @action(methods=["post"], detail=False, url_path="osmosis/mock", serializer_class=OsmosisMockRequestSerializer)
    def osmosis_mock(self, request: Request) -> Response:
        """Set the test pass.

        Turns the standing test pass on or off. It grants no credit. Only where mock billing is on, else 404.
        """
        if not settings.MOCK_BILLING:
            raise NotFound
        paid = self.validated_body()["paid"]

        def effect() -> Outcome:
            entitlements.set_mock_osmosis_pass(owner=caller(request), paid=paid)
            return Outcome(200, {})

        return run_idempotent(request, effect=effect, present=lambda _: present_osmosis(caller(request)))

    @extend_schema(
        operation_id="validate_payment",
        parameters=[IDEMPOTENCY_KEY],
        responses=responses({200: ReceiptStatusSerializer}, errors=(400, 409, 413, 415, 422)),
    )
    @action(methods=["post"], detail=False, serializer_class=ReceiptRequestSerializer)
    def validate(self, request: Request) -> Response:
        """Redeem a store receipt.

        Takes the App Store's signed transaction or Google Play's purchase JSON and grants what was bought, once per
        store transaction. A purchase that is not paid yet is `invalid` until it is: ask again, under the same
        `Idempotency-Key` if you like. A subscription that the store sold beside a live one is valid too.
        """
        body = self.validated_body()
        store, redemption = body["provider"], _Redemption()

        def prepare() -> None:
            redemption.receipt = _verified(store=store, receipt=body["receipt"])

        def effect() -> Outcome:
            cause = f"receipt from the {store}"
            valid = redemption.receipt is not None and receipts.redeem_receipt(
                owner=caller(request), receipt=redemption.receipt, cause=cause
            )
            redemption.is_granted = valid
            # An invalid receipt may be paid in a minute.
            return Outcome(200, {"status": "valid" if valid else "invalid"}, is_kept=valid)

        answer = run_idempotent(
            request, prepare=prepare, effect=effect, present=lambda reference: ReceiptStatusSerializer(reference).data
        )
        if redemption.receipt is not None and redemption.is_granted:
            receipts.acknowledge_soon(redemption.receipt)
        return answer


class _Redemption:
    """The receipt, verified before the transaction, and whether the transaction granted it."""

    receipt: receipts.Receipt | None = None
    is_granted = False


def _verified(*, store: str, receipt: str) -> receipts.Receipt | None:
    try:
        return receipts.verify_receipt(store=store, receipt=receipt)
    except ProviderUnavailable as error:
        log.warning("store not asked", store=store, error=str(error))
        raise ReceiptStoreUnavailable from error
