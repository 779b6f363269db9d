from maretech.common.http.viewsets import routes
from notifications.api.views import NotificationViewSet, PreferenceViewSet

urlpatterns = routes({"notifications": NotificationViewSet, "auth/me": PreferenceViewSet})
