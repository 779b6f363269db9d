from rest_framework.routers import SimpleRouter

from accounts.api.auth_views import AuthViewSet
from accounts.api.device_views import DeviceViewSet
from accounts.api.document_views import ConsentViewSet, DocumentViewSet
from accounts.api.email_views import EmailViewSet
from accounts.api.password_views import PasswordViewSet
from accounts.api.privacy_views import PrivacyViewSet
from accounts.api.session_views import SessionViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("auth", AuthViewSet, basename="auth")
router.register("auth/me", PrivacyViewSet, basename="privacy")
router.register("auth/me/consents", ConsentViewSet, basename="consent")
router.register("auth/me/sessions", SessionViewSet, basename="session")
router.register("auth/me/devices", DeviceViewSet, basename="device")
router.register("auth/password", PasswordViewSet, basename="password")
router.register("auth/email", EmailViewSet, basename="email")
router.register("documents", DocumentViewSet, basename="document")

urlpatterns = router.urls
