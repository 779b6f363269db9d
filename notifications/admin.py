"""Admin of notifications: staff see what was sent, or why it was not, and replay dead letters."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from maretech.common.staff.object_actions import (
    ActionRefused,
    ObjectAction,
    ReadOnlyAdmin,
    ReasonForm,
    StaffPageAdmin,
    link_to_list,
)
from notifications.models import ContactSettings, Delivery, Notification, Preference
from notifications.replay import replay
from notifications.vocabulary import DeliveryState

MAY_REPLAY = "notifications.change_delivery"
_NO_DEAD_LETTER = "Only a dead letter can be replayed."
_EXPLANATION = (
    "The delivery gets ten new attempts. If its error says that it is not known whether the message arrived, the "
    "recipient may get it a second time."
)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin[Notification]):
    linked_filters = ("recipient__id__exact",)
    list_display = ("created_at", "recipient", "kind", "variant", "title", "read_at")
    list_filter = ("kind", "locale", "created_at")
    list_select_related = ("recipient",)
    search_fields = ("recipient__email", "event_key")
    ordering = ("-created_at",)
    fields = (
        "id",
        "recipient",
        ("kind", "variant", "locale"),
        "event_key",
        "data",
        "title",
        "body",
        ("created_at", "read_at"),
        "deliveries_link",
    )

    @admin.display(description="deliveries")
    def deliveries_link(self, row: Notification) -> SafeString:
        lookup = "notification__id__exact"
        return link_to_list("notifications_delivery", lookup, row, "deliveries of this notification")


class ReplayDelivery(ObjectAction[Delivery]):
    name = "replay"
    label = "Replay the delivery"
    explanation = _EXPLANATION
    permission = MAY_REPLAY

    def refusal(self, row: Delivery) -> str | None:
        return None if row.state == DeliveryState.DEAD_LETTER else _NO_DEAD_LETTER

    def perform(self, *, staff: Any, row: Delivery, data: Mapping[str, Any]) -> str:
        if not replay(row.pk, staff=staff, reason=data["reason"]):
            raise ActionRefused(_NO_DEAD_LETTER)
        return "The delivery is queued again."


@admin.register(Delivery)
class DeliveryAdmin(StaffPageAdmin[Delivery]):
    """Sorting by state puts dead letters first: dead, pending, sent, skipped, stale."""

    actions = ("replay_many",)  # type: ignore[assignment]  # as for webhook events
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (ReplayDelivery(),)
    linked_filters = ("notification__id__exact",)
    list_display = ("created_at", "notification", "channel", "state", "reason", "attempts", "due_at", "last_error")
    list_filter = ("state", "channel", "reason", "notification__kind", "created_at")
    list_select_related = ("notification",)
    search_fields = ("notification__id", "notification__event_key")
    ordering = ("state", "-created_at")
    fields = (
        "id",
        "notification",
        ("channel", "device"),
        ("state", "reason", "attempts"),
        "last_error",
        ("created_at", "due_at", "quiet_until", "handed_over_at", "sent_at", "stale_at"),
    )

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_REPLAY)

    @admin.action(description="Replay the selected dead letters…", permissions=["replay"])
    def replay_many(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse | None:
        """Ask for the reason, then replay each dead letter with its own audit record."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask_reason(request, form, queryset)
        staff, reason = cast(User, request.user), form.cleaned_data["reason"]
        replayed = [replay(pk, staff=staff, reason=reason) for pk in queryset.values_list("pk", flat=True)]
        messages.success(
            request, f"{sum(replayed)} queued again; {len(replayed) - sum(replayed)} were not dead letters."
        )
        return None

    def _ask_reason(self, request: HttpRequest, form: ReasonForm, queryset: QuerySet[Delivery]) -> HttpResponse:
        carried = [(name, request.POST[name]) for name in ("action", "select_across") if name in request.POST]
        selected = [(ACTION_CHECKBOX_NAME, pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)]
        return self.form_page(
            request,
            form,
            title="Replay",
            explanation=_EXPLANATION,
            subject=f"{queryset.count()} deliveries",
            back=reverse(self._url_name("changelist")),
            carried=carried + selected,
        )


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin[Preference]):
    linked_filters = ("user__id__exact",)
    list_display = ("user", "kind", "channel", "is_on", "changed_at")
    list_filter = ("kind", "channel", "is_on")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-changed_at",)


@admin.register(ContactSettings)
class ContactSettingsAdmin(ReadOnlyAdmin[ContactSettings]):
    linked_filters = ("user__id__exact",)
    list_display = ("user", "locale", "time_zone", "quiet_from", "quiet_to", "email_disabled_reason", "changed_at")
    list_filter = ("locale", "email_disabled_reason")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("-changed_at",)
