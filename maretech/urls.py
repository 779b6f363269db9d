"""All routes of the server."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts.api.browser_session_views import LoginView, RefreshView, RegisterView, SessionView
from billing.api.return_page import returned
from dossiers.api.share_views import SharedPDFView, SharePageView
from maretech import health
from maretech.api_docs.pages import CHANGELOG, CONTRACT, TextPage
from maretech.common.http.stored_objects import StoredObjectView
from maretech.metrics import MetricsView
from maretech.web_app import web_app_page

v1: list[URLPattern | URLResolver] = [
    path("", include("inspections.urls")),
    path("", include("accounts.urls")),
    path("", include("notifications.urls")),
    path("", include("billing.urls")),
    path("", include("corrosion.urls")),
    path("", include("osmosis.urls")),
    path("", include("dossiers.urls")),
    path("", include("vessels.urls")),
    path("", include("surveys.urls")),
    path("storage/<str:token>", StoredObjectView.as_view()),
    path("schema", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path("contract", TextPage.as_view(), {"page": CONTRACT}),
    path("changelog", TextPage.as_view(), {"page": CHANGELOG}),
    path("docs", SpectacularSwaggerSplitView.as_view(authentication_classes=[], permission_classes=[])),
]
urlpatterns = [
    path("v1/", include(v1)),
    path("health", health.LiveView.as_view()),
    path("health/ready", health.ReadyView.as_view()),
    path("metrics", MetricsView.as_view()),
    path("checkout/<str:outcome>", returned),
    path("app", RedirectView.as_view(url="/app/")),
    path("app/session", SessionView.as_view()),
    path("app/session/login", LoginView.as_view()),
    path("app/session/refresh", RefreshView.as_view()),
    path("app/session/register", RegisterView.as_view()),
    re_path("^app/(?!assets/)", web_app_page),
    path("share/<str:token>", SharePageView.as_view()),
    path("share/<str:token>/dossier.pdf", SharedPDFView.as_view()),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
]
handler400 = "maretech.common.http.exception_handler.bad_request"
handler403 = "maretech.common.http.exception_handler.forbidden"
handler404 = "maretech.common.http.exception_handler.not_found"
handler500 = "maretech.common.http.exception_handler.server_error"
