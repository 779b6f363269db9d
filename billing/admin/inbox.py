"""Admin pages of webhook events, dead letters first. Staff can replay events that are not waiting, one or many."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.models import User
from accounts.staff.audit import staff_actions_on
from billing.inbox.replay import replay
from billing.models import ProviderEvent
from billing.vocabulary import EventState
from maretech.common.staff.object_actions import ActionRefused, ObjectAction, ReasonForm, StaffPageAdmin

MAY_REPLAY = "billing.change_providerevent"
_WAITS = "This event is already queued."
_SHOWN_OF_ERROR = 120
_EXPLANATION = "The server queries the provider again, in up to five attempts. Nothing is posted twice."


class Replay(ObjectAction[ProviderEvent]):
    name = "replay"
    label = "Replay"
    explanation = _EXPLANATION
    permission = MAY_REPLAY

    def refusal(self, row: ProviderEvent) -> str | None:
        return _WAITS if row.state == EventState.WAITING else None

    def perform(self, *, staff: Any, row: ProviderEvent, data: Mapping[str, Any]) -> str:
        if not replay(row.pk, staff=staff, reason=data["reason"]):
            raise ActionRefused(_WAITS)
        return "The event is queued again."


@admin.register(ProviderEvent)
class ProviderEventAdmin(StaffPageAdmin[ProviderEvent]):
    """Admin page of webhook events. Sorting by state puts dead letters first: dead, done, waiting."""

    actions = ("replay_many",)  # type: ignore[assignment]  # the one table with an action on its list
    object_actions: ClassVar[tuple[ObjectAction[Any], ...]] = (Replay(),)
    change_form_template = "admin/billing/providerevent/change_form.html"
    list_display = ("received_at", "provider", "kind", "state", "attempts", "due_at", "short_error")
    list_filter = ("state", "provider", "verdict", "received_at")
    search_fields = ("event_id", "ref", "kind")
    search_help_text = "The provider's reference of the event or its object, or the kind of the event."
    ordering = ("state", "-received_at")
    fields = (
        "id",
        ("provider", "event_id"),
        "kind",
        ("about", "ref"),
        ("state", "attempts"),
        "error",
        "verdict",
        ("received_at", "due_at", "done_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderEvent]:
        return super().get_queryset(request).defer("body")

    @admin.display(description="error", ordering="error")
    def short_error(self, row: ProviderEvent) -> str:
        return row.error[:_SHOWN_OF_ERROR] or "–"

    def sections(self, request: HttpRequest, row: ProviderEvent) -> dict[str, Any]:
        return {
            "body": readable(bytes(row.body)),
            "headers": sorted(row.headers.items()),
            "staff_actions": staff_actions_on(row),
        }

    def has_replay_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY_REPLAY)

    @admin.action(description="Replay the chosen events…", permissions=["replay"])
    def replay_many(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> HttpResponse | None:
        """Ask for the reason, then replay each event with its own audit record."""
        form = ReasonForm(request.POST if "reason" in request.POST else None)
        if not form.is_valid():
            return self._ask_reason(request, form, queryset)
        staff, reason = cast(User, request.user), form.cleaned_data["reason"]
        replayed = [replay(pk, staff=staff, reason=reason) for pk in queryset.values_list("pk", flat=True)]
        messages.success(request, f"{sum(replayed)} queued again; {len(replayed) - sum(replayed)} were queued already.")
        return None

    def _ask_reason(self, request: HttpRequest, form: ReasonForm, queryset: QuerySet[ProviderEvent]) -> HttpResponse:
        carried = [(name, request.POST[name]) for name in ("action", "select_across") if name in request.POST]
        chosen = [(ACTION_CHECKBOX_NAME, pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)]
        return self.form_page(
            request,
            form,
            title="Replay",
            explanation=_EXPLANATION,
            subject=f"{queryset.count()} events",
            back=reverse(self._url_name("changelist")),
            carried=carried + chosen,
        )


def readable(body: bytes) -> str:
    """Returns JSON indented, and any other body decoded with replacement characters."""
    try:
        text = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")
    return text.encode(errors="replace").decode()
