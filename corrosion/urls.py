from corrosion.api.ghost_views import GhostViewSet
from corrosion.api.maintenance_views import MaintenanceViewSet
from corrosion.api.reminder_views import ReminderViewSet
from corrosion.api.views import TrackingViewSet
from maretech.common.http.viewsets import routes

urlpatterns = routes(
    {
        "corrosion": TrackingViewSet,
        "corrosion/ghosts": GhostViewSet,
        "corrosion/maintenance": MaintenanceViewSet,
        "corrosion/reminders": ReminderViewSet,
    }
)
