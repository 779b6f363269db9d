"""The devices that get the caller's pushes."""

import uuid
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.api.openapi import BODY_ERRORS
from accounts.api.serializers import DEVICE_INPUTS, DeviceInput, DeviceOutput, DevicePageOutput
from accounts.identity.authentication import caller, caller_session
from accounts.models import Device, Session
from accounts.notifications.devices import WebSubscription, forget_device, register_device, register_subscription
from accounts.vocabulary import Platform
from maretech.common.http.errors import NotFound
from maretech.common.http.idempotency import Outcome, run_idempotent
from maretech.common.http.openapi import IDEMPOTENCY_KEY, PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet


class DeviceViewSet(APIViewSet):
    serializer_class = DeviceInput
    pagination_class = KeysetPagination
    lookup_url_kwarg = "device_id"

    def get_queryset(self) -> QuerySet[Device]:
        return Device.objects.filter(user=caller(self.request))

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the input of the platform in the body; that of a phone refuses an unknown platform."""
        body = self.request.data
        platform = body.get("platform") if isinstance(body, dict) else None
        return DEVICE_INPUTS.get(str(platform), DeviceInput)

    @extend_schema(
        operation_id="list_devices",
        tags=["accounts"],
        parameters=PAGE_PARAMETERS,
        responses=responses({200: DevicePageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the devices.

        Returns the devices that get the account's pushes, newest first.
        """
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(DeviceOutput(page, many=True).data)

    @extend_schema(
        operation_id="register_device",
        tags=["accounts"],
        parameters=[IDEMPOTENCY_KEY],
        request=PolymorphicProxySerializer(
            component_name="AnyDevice", serializers={**DEVICE_INPUTS}, resource_type_field_name="platform"
        ),
        responses=responses({201: DeviceOutput}, errors=(*BODY_ERRORS, 404, 409, 422)),
    )
    def create(self, request: Request) -> Response:
        """Register a device for push.

        Sends this owner's notifications to the device. Registering the same token or the same endpoint again returns
        the same device. A browser registers the subscription that it got from its push service; the service must be on
        our list.
        """
        body = self.validated_body()

        def effect() -> Outcome:
            return Outcome(201, {"device_id": str(_registered(caller_session(request), body).pk)})

        def present(reference: dict[str, Any]) -> dict[str, Any]:
            device = self.get_queryset().filter(pk=reference["device_id"]).first()
            if device is None:  # removed, or registered by another account, since this key was used
                raise NotFound
            return DeviceOutput(device).data

        return run_idempotent(request, effect=effect, present=present)

    @extend_schema(operation_id="delete_device", tags=["accounts"], responses=responses({204: None}, errors=(404,)))
    def destroy(self, request: Request, device_id: uuid.UUID) -> Response:
        """Remove a device.

        Stops notifications to this device.
        """
        forget_device(user=caller(request), device_id=device_id)
        return Response(status=204)


def _registered(session: Session, body: dict[str, Any]) -> Device:
    platform = Platform(body["platform"])
    if platform != Platform.WEB:
        return register_device(session=session, platform=platform, push_token=body["push_token"])
    subscription = WebSubscription(endpoint=body["subscription"]["endpoint"], **body["subscription"]["keys"])
    return register_subscription(session=session, subscription=subscription)
