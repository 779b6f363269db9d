from accounts.api.auth_views import AuthViewSet
from accounts.api.device_views import DeviceViewSet
from accounts.api.document_views import ConsentViewSet, DocumentViewSet
from accounts.api.email_views import EmailViewSet
from accounts.api.password_views import PasswordViewSet
from accounts.api.privacy_views import PrivacyViewSet
from accounts.api.session_views import SessionViewSet
from accounts.api.step_up_views import StepUpViewSet
from maretech.common.http.viewsets import routes

urlpatterns = routes(
    {
        "auth": AuthViewSet,
        "auth/me": PrivacyViewSet,
        "auth/me/consents": ConsentViewSet,
        "auth/me/sessions": SessionViewSet,
        "auth/me/devices": DeviceViewSet,
        "auth/password": PasswordViewSet,
        "auth/email": EmailViewSet,
        "auth/step-up": StepUpViewSet,
        "documents": DocumentViewSet,
    }
)
