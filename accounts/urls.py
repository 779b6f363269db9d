from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api import privacy_views, views
from accounts.api.auth_views import AuthViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("auth", AuthViewSet, basename="auth")

urlpatterns = [
    *router.urls,
    path("auth/me/consents", views.ConsentsView.as_view()),
    path("auth/me/sessions", views.SessionsView.as_view()),
    path("auth/me/sessions/<uuid:session_id>", views.SessionView.as_view()),
    path("auth/me/devices", views.DevicesView.as_view()),
    path("auth/me/devices/<uuid:device_id>", views.DeviceView.as_view()),
    path("auth/me/erasure", privacy_views.ErasureView.as_view()),
    path("auth/me/export", privacy_views.ExportView.as_view()),
    path("auth/password/reset", views.PasswordResetView.as_view()),
    path("auth/password/reset/confirm", views.PasswordResetConfirmView.as_view()),
    path("auth/password/change", views.PasswordChangeView.as_view()),
    path("auth/email/verify", views.EmailVerifyView.as_view()),
    path("auth/email/verify/resend", views.EmailResendView.as_view()),
    path("auth/email/change", views.EmailChangeView.as_view()),
    path("documents/disclaimer", views.DisclaimerView.as_view()),
]
