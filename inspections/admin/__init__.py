"""Admin: staff view inspections and shadow results, re-queue failures, and add capture policy versions."""

from django.contrib import admin

from inspections.admin.inspection import InspectionAdmin
from inspections.admin.missing import MissingObjectAdmin
from inspections.admin.policy import CapturePolicyAdmin
from inspections.admin.shadow import ShadowResultAdmin
from inspections.models import CapturePolicy, Inspection, MissingObject, ShadowResult

admin.site.register(Inspection, InspectionAdmin)
admin.site.register(CapturePolicy, CapturePolicyAdmin)
admin.site.register(ShadowResult, ShadowResultAdmin)
admin.site.register(MissingObject, MissingObjectAdmin)
