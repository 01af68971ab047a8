"""Addresses of assessments."""

from django.urls import URLPattern, path

from .views.analysis import analysis

app_name = "assessments"
urlpatterns: list[URLPattern] = [
    path("<slug:slug>/<int:be_year>/analysis/", analysis, name="analysis"),
]
