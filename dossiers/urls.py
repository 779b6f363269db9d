from django.urls import path

from dossiers.api.dossier_views import DossierViewSet
from dossiers.api.escalation_views import EscalationViewSet
from dossiers.api.letter_views import DeliveryViewSet, LetterWebhookViewSet
from dossiers.api.share_views import ShareViewSet
from dossiers.api.verify_views import VerificationKeysView, VerifyView
from maretech.common.http.viewsets import routes

urlpatterns = [
    *routes(
        {
            "dossiers": DossierViewSet,
            "inspections": EscalationViewSet,
            "shares": ShareViewSet,
            "deliveries": DeliveryViewSet,
            "webhooks": LetterWebhookViewSet,
        }
    ),
    path("verify/keys", VerificationKeysView.as_view()),
    path("verify/<str:token>", VerifyView.as_view()),
]
