"""Reminders of the next inspection, one per vessel."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity.authentication import caller
from accounts.models import User
from corrosion.api.permissions import require_subscription
from corrosion.api.serializers import ReminderInput, ReminderListOutput, ReminderOutput
from corrosion.models import Reminder
from corrosion.reminders.changes import reminders_of, set_reminder
from corrosion.reminders.due_dates import due_of, was_sent
from maretech.common.http.openapi import PAGE_PARAMETERS, responses
from maretech.common.http.pagination import KeysetPagination
from maretech.common.http.viewsets import APIViewSet
from notifications.recipients.preferences import zone_of
from vessels.registration import own_vessel


class ReminderPagination(KeysetPagination):
    results_name = "reminders"


class ReminderViewSet(APIViewSet):
    serializer_class = ReminderInput
    pagination_class = ReminderPagination
    lookup_url_kwarg = "vessel_id"

    def get_queryset(self) -> QuerySet[Reminder]:
        return reminders_of(caller(self.request))

    @extend_schema(
        operation_id="list_corrosion_reminders",
        parameters=PAGE_PARAMETERS,
        responses=responses({200: ReminderListOutput}, errors=(400, 403)),
    )
    def list(self, request: Request) -> Response:
        """List the reminders.

        Returns the reminders that the owner has set, newest first, with the date on which each vessel is due. Needs a
        subscription.
        """
        require_subscription(caller(request))
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(ReminderOutput(_with_dates(page, caller(request)), many=True).data)

    @extend_schema(
        operation_id="set_corrosion_reminder",
        responses=responses({200: ReminderOutput}, errors=(400, 403, 404, 413, 415)),
    )
    def update(self, request: Request, vessel_id: UUID) -> Response:
        """Set the reminder of a vessel.

        The owner is reminded once, in the morning of the date that lies `interval_days` after the last completed
        inspection of the vessel; each new inspection moves the date. A date that is over already when the reminder is
        set is not sent. Without a subscription reminders pause; what came due meanwhile is sent after the return. Needs
        a subscription.
        """
        values, owner = self.validated_body(), caller(request)
        own_vessel(owner=owner, vessel_id=vessel_id)
        require_subscription(owner)
        reminder = set_reminder(owner=owner, vessel_id=vessel_id, **values)
        return Response(ReminderOutput(_with_dates([reminder], owner)[0]).data)


def _with_dates(rows: Iterable[Reminder], owner: User) -> list[Reminder]:
    """Return the rows with `due_on` and `reminded_at`, as `ReminderOutput` writes them."""
    zone, found = zone_of(owner), list(rows)
    for row in found:
        due = due_of(row, zone=zone)
        row.due_on = due and due.on  # type: ignore[attr-defined]
        row.reminded_at = row.sent_at if due and was_sent(row, due) else None  # type: ignore[attr-defined]
    return found
