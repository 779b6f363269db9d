from maretech.common.http.viewsets import routes
from osmosis.api.views import LiftOutViewSet

urlpatterns = routes({"osmosis/lift-outs": LiftOutViewSet})
