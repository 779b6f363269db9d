"""Admin of reminders: staff read what an owner set, what was sent, and when the next one is due."""

from django.contrib import admin
from django.utils.safestring import SafeString

from corrosion.models import Reminder
from corrosion.reminders.due_dates import due_of, with_last_inspection
from maretech.common.staff.object_actions import ReadOnlyAdmin, link_to
from notifications.recipients.preferences import zone_of


class ReminderAdmin(ReadOnlyAdmin[Reminder]):
    linked_filters = ("owner__id__exact", "vessel__id__exact")
    list_display = ("vessel", "owner", "interval_days", "enabled", "sent_due_on", "sent_at", "due_at", "attempts")
    list_filter = ("enabled", ("sent_at", admin.EmptyFieldListFilter))
    list_select_related = ("vessel", "owner")
    search_fields = ("owner__email", "vessel__name", "vessel__id", "id")
    search_help_text = "E-mail of the owner, name of the vessel, or id (or a part of it)."
    ordering = ("-created_at",)
    fields = (
        "id",
        ("owner_link", "vessel_link"),
        ("interval_days", "enabled"),
        ("due_on", "armed_at"),
        ("sent_due_on", "sent_at"),
        ("sent_inspection_id", "sent_interval_days"),
        ("due_at", "attempts"),
        "created_at",
    )

    @admin.display(description="owner")
    def owner_link(self, row: Reminder) -> SafeString:
        return link_to(row.owner)

    @admin.display(description="vessel")
    def vessel_link(self, row: Reminder) -> SafeString:
        return link_to(row.vessel)

    @admin.display(description="due on")
    def due_on(self, row: Reminder) -> str:
        due = due_of(with_last_inspection(Reminder.objects.filter(pk=row.pk)).get(), zone=zone_of(row.owner_id))
        return f"{due.on}, sent from {due.at:%Y-%m-%d %H:%M} UTC on" if due else "no completed inspection"
