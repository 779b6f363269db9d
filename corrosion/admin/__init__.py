"""Admin: staff view comparisons, earlier answers, maintenance, timelines and reminders."""

from django.contrib import admin

from corrosion.admin.comparisons import ComparisonAdmin
from corrosion.admin.maintenance import MaintenanceAdmin
from corrosion.admin.reminders import ReminderAdmin
from corrosion.admin.superseded import SupersededAnswerAdmin
from corrosion.models import Comparison, Maintenance, Reminder, SupersededAnswer

admin.site.register(Comparison, ComparisonAdmin)
admin.site.register(Maintenance, MaintenanceAdmin)
admin.site.register(Reminder, ReminderAdmin)
admin.site.register(SupersededAnswer, SupersededAnswerAdmin)
