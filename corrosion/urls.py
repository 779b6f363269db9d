from corrosion.api.reminder_views import ReminderViewSet
from corrosion.api.views import TrackingViewSet
from maretech.common.http.viewsets import routes

urlpatterns = routes({"corrosion/reminders": ReminderViewSet, "corrosion": TrackingViewSet})
