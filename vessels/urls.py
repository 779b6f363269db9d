from maretech.common.http.viewsets import routes
from vessels.api.views import VesselViewSet

urlpatterns = routes({"vessels": VesselViewSet})
