from maretech.common.http.viewsets import routes
from surveys.api.appointment_views import AppointmentViewSet
from surveys.api.check_in_views import CheckInViewSet
from surveys.api.dispute_views import DisputeViewSet
from surveys.api.review_views import ReviewViewSet
from surveys.api.surveyor_views import SurveyorViewSet

urlpatterns = routes(
    {
        "surveyors": SurveyorViewSet,
        "appointments": AppointmentViewSet,
        "check-ins": CheckInViewSet,
        "disputes": DisputeViewSet,
        "reviews": ReviewViewSet,
    }
)
