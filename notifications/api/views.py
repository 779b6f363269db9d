"""The notifications of the caller, and how the caller wants to get them."""

import uuid

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.openapi import BODY_ERRORS
from accounts.identity.authentication import caller
from maretech.common.http.errors import Invalid, NotFound
from maretech.common.http.openapi import PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from notifications.api.serializers import (
    NotificationOutput,
    NotificationPageOutput,
    PreferencesInput,
    PreferencesOutput,
    WebPushKeyOutput,
)
from notifications.channels.registry import web_push_key
from notifications.inbox import mark_all_read, mark_read, notifications_of
from notifications.models import Notification
from notifications.recipients.preferences import change_preferences, preferences_of

_UNREAD = OpenApiParameter("unread", bool, description="`true` for those not read yet, `false` for the others.")
_BOOLEANS = {"true": True, "false": False}


class NotificationViewSet(APIViewSet):
    serializer_class = NotificationOutput
    pagination_class = KeysetPagination
    lookup_url_kwarg = "notification_id"

    def get_queryset(self) -> QuerySet[Notification]:
        return notifications_of(caller(self.request))

    @extend_schema(
        operation_id="list_notifications",
        tags=["notifications"],
        parameters=[_UNREAD, *PAGE_PARAMETERS],
        responses=responses({200: NotificationPageOutput}, errors=(400,)),
    )
    def list(self, request: Request) -> Response:
        """List the notifications.

        Returns what the owner was notified of, newest first, in the language that was chosen at the time.
        """
        rows = self.get_queryset()
        if (unread := _unread(request)) is not None:
            rows = rows.filter(read_at__isnull=unread)
        return self.get_paginated_response(NotificationOutput(self.paginate_queryset(rows), many=True).data)

    @extend_schema(
        operation_id="mark_notification_read",
        tags=["notifications"],
        request=None,
        responses=responses({204: None}, errors=(404,)),
    )
    @action(methods=["post"], detail=True)
    def read(self, request: Request, notification_id: uuid.UUID) -> Response:
        """Mark a notification as read.

        The first time stays; marking it again changes nothing.
        """
        mark_read(user=caller(request), notification_id=notification_id)
        return Response(status=204)

    @extend_schema(
        operation_id="mark_notifications_read", tags=["notifications"], request=None, responses=responses({204: None})
    )
    @action(methods=["post"], detail=False, url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark all notifications as read.

        Marks every notification that the owner has so far.
        """
        mark_all_read(user=caller(request))
        return Response(status=204)

    @extend_schema(
        operation_id="get_web_push_key",
        tags=["notifications"],
        responses=responses({200: WebPushKeyOutput}, errors=(404,)),
    )
    @action(methods=["get"], detail=False, url_path="web-push-key")
    def web_push_key(self, request: Request) -> Response:
        """Get the key for pushes to browsers.

        A browser subscribes with this `applicationServerKey` and registers the subscription as a device. A subscription
        that was made with another key gets no push: the client ends it and subscribes again. 404: this server sends no
        pushes to browsers.
        """
        key = web_push_key()
        if key is None:
            raise NotFound
        return Response(WebPushKeyOutput({"public_key": key}).data)


class PreferenceViewSet(APIViewSet):
    serializer_class = PreferencesInput

    @extend_schema(
        operation_id="get_notification_preferences",
        tags=["notifications"],
        responses=responses({200: PreferencesOutput}),
    )
    @action(methods=["get"], detail=False, url_path="notification-preferences")
    def notification_preferences(self, request: Request) -> Response:
        """Get the preferences.

        Returns every kind that goes by push or mail with the user's choice, the quiet hours, and the language. The
        kinds of surveyors are there for a surveyor only.
        """
        return Response(PreferencesOutput(preferences_of(caller(request))).data)

    @extend_schema(
        operation_id="change_notification_preferences",
        tags=["notifications"],
        responses=responses({200: PreferencesOutput}, errors=BODY_ERRORS),
    )
    @notification_preferences.mapping.put
    def change_notification_preferences(self, request: Request) -> Response:
        """Change the preferences.

        Changes what the body names and leaves the rest, so an app need not know every kind.
        `quiet_hours: null` ends them. They hold by the clock of `time_zone`, also when clocks change. Security notices
        cannot be switched off, and arrive at any hour.
        """
        change_preferences(user=caller(request), **self.validated_body())
        return Response(PreferencesOutput(preferences_of(caller(request))).data)


def _unread(request: Request) -> bool | None:
    """Return whether only unread, or only read, notifications are requested; None for all. Raises `Invalid`."""
    text = request.query_params.get("unread")
    if text is None:
        return None
    if text not in _BOOLEANS:
        raise Invalid(unread="true or false.")
    return _BOOLEANS[text]
