from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api import privacy_views, views
from accounts.api.auth_views import AuthViewSet
from accounts.api.email_views import EmailViewSet
from accounts.api.password_views import PasswordViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("auth", AuthViewSet, basename="auth")
router.register("auth/password", PasswordViewSet, basename="password")
router.register("auth/email", EmailViewSet, basename="email")

urlpatterns = [
    *router.urls,
    path("auth/me/consents", views.ConsentsView.as_view()),
    path("auth/me/sessions", views.SessionsView.as_view()),
    path("auth/me/sessions/<uuid:session_id>", views.SessionView.as_view()),
    path("auth/me/devices", views.DevicesView.as_view()),
    path("auth/me/devices/<uuid:device_id>", views.DeviceView.as_view()),
    path("auth/me/erasure", privacy_views.ErasureView.as_view()),
    path("auth/me/export", privacy_views.ExportView.as_view()),
    path("documents/disclaimer", views.DisclaimerView.as_view()),
]
