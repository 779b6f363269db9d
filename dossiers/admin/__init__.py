"""Admin: staff view dossiers and what belongs to them, and revoke a document."""

from django.contrib import admin

from dossiers.admin.deliveries import DeliveryAdmin, ShareAdmin
from dossiers.admin.dossiers import DossierAdmin, DossierInspectionAdmin
from dossiers.admin.statements import RecordingAdmin, RefinementAdmin
from dossiers.models import Delivery, Dossier, DossierInspection, Recording, Refinement, Share

admin.site.register(Dossier, DossierAdmin)
admin.site.register(DossierInspection, DossierInspectionAdmin)
admin.site.register(Recording, RecordingAdmin)
admin.site.register(Refinement, RefinementAdmin)
admin.site.register(Share, ShareAdmin)
admin.site.register(Delivery, DeliveryAdmin)
