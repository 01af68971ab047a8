"""Addresses of reports."""

from django.urls import URLPattern, path

from .views import papers, year

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("<slug:slug>/", year.organisation_home, name="home"),
    path("<slug:slug>/<int:be_year>/", year.year_home, name="year-home"),
    path("<slug:slug>/<int:be_year>/plan/preview/", papers.plan_preview, name="plan-preview"),
    path("<slug:slug>/<int:be_year>/plan/paper/", papers.plan_paper_html, name="plan-paper"),
    path("<slug:slug>/<int:be_year>/plan.pdf", papers.plan_pdf, name="plan-pdf"),
]
