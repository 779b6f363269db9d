from rest_framework.routers import SimpleRouter

from corrosion.api import views

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("corrosion", views.TrackingViewSet, basename="corrosion")

urlpatterns = router.urls
