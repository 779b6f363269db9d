from corrosion.api.ghost_views import GhostViewSet
from corrosion.api.views import TrackingViewSet
from maretech.common.http.viewsets import routes

urlpatterns = routes({"corrosion": TrackingViewSet, "corrosion/ghosts": GhostViewSet})
