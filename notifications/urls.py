from maretech.common.http.viewsets import routes
from notifications.api.views import NotificationViewSet, PreferenceViewSet
from notifications.api.webhooks import MailWebhookViewSet

urlpatterns = routes(
    {"notifications": NotificationViewSet, "auth/me": PreferenceViewSet, "webhooks": MailWebhookViewSet}
)
