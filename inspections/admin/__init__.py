"""Support looks at inspections here, re-queues a technical failure, and adds capture policy versions."""

from django.contrib import admin

from inspections.admin.inspection import InspectionAdmin
from inspections.admin.policy import CapturePolicyAdmin
from inspections.models import CapturePolicy, Inspection

admin.site.register(Inspection, InspectionAdmin)
admin.site.register(CapturePolicy, CapturePolicyAdmin)
