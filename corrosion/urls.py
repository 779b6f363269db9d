from django.urls import path

from corrosion.api import views

urlpatterns = [
    path("corrosion/history", views.HistoryView.as_view()),
    path("corrosion/compare", views.CompareView.as_view()),
]
