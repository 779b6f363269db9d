"""The webhook of the mail provider: bounces and complaints. django-anymail verifies and parses it."""

from typing import ClassVar, Final

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from maretech.common.http.errors import Invalid, PayloadTooLarge
from maretech.common.http.openapi import ReceivedSerializer, responses
from maretech.common.http.viewsets import APIViewSet

log = structlog.get_logger(__name__)

_MALFORMED: Final = (ValueError, LookupError, TypeError, AttributeError)
_FORGED: Final = "This is not sent by the mail provider."


class MailWebhookViewSet(APIViewSet):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope: ClassVar[str] = "webhooks"

    @extend_schema(
        operation_id="receive_mail_event",
        tags=["webhooks"],
        auth=[],
        request={"application/json": OpenApiTypes.OBJECT},
        responses=responses({200: ReceivedSerializer}, errors=(400, 413), signed_in=False),
    )
    @action(methods=["post"], detail=False)
    def mail(self, request: Request) -> Response:
        """Receive the mail provider's reports.

        The mail provider calls this. Its secret, and its signature where it has one, are verified; a forged report gets
        400. Mail to an address that bounced or complained is switched off, and its owner is notified in the app.
        """
        _receive(request)
        return Response(ReceivedSerializer({"received": True}).data)


def _receive(request: Request) -> None:
    """Hand the report to django-anymail. Raises `Invalid` if it is forged, or if no provider is set up."""
    from anymail.urls import urlpatterns as provider_routes  # noqa: PLC0415 - the clients of all providers, boto3 too

    route = next((each for each in provider_routes if each.name == f"{settings.EMAIL_PROVIDER}_tracking_webhook"), None)
    # Without a secret, django-anymail would only warn.
    if route is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Invalid(signature=_FORGED)
    try:
        if len(request.body) > settings.MAX_REQUEST_BODY_BYTES:
            raise PayloadTooLarge
        answer = route.callback(request._request)
    except RequestDataTooBig:
        raise PayloadTooLarge from None
    except SuspiciousOperation:
        raise Invalid(signature=_FORGED) from None
    except _MALFORMED as exc:
        log.warning("mail report not readable", provider=settings.EMAIL_PROVIDER, exc_info=exc)
        raise Invalid(signature="This is not a report that the mail provider sends.") from None
    if answer.status_code >= 400:
        raise Invalid(signature=_FORGED)
