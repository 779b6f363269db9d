"""Admin: staff view comparisons, their earlier answers, maintenance and timelines, and have a comparison recomputed."""

from django.contrib import admin

from corrosion.admin.comparisons import ComparisonAdmin
from corrosion.admin.maintenance import MaintenanceAdmin
from corrosion.admin.superseded import SupersededAnswerAdmin
from corrosion.models import Comparison, Maintenance, SupersededAnswer

admin.site.register(Comparison, ComparisonAdmin)
admin.site.register(Maintenance, MaintenanceAdmin)
admin.site.register(SupersededAnswer, SupersededAnswerAdmin)
