from maretech.common.http.viewsets import routes
from vessels.api.handover_views import HandoverViewSet
from vessels.api.views import VesselViewSet

urlpatterns = routes({"vessels": VesselViewSet, "handovers": HandoverViewSet})
