"""All addresses of the portal.

An organisation's pages begin with its slug and the fiscal year that the page's object names.
"""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("", include("ita_portal.organisations.urls")),
    path("", include("assessments.urls")),
    path("", include("measures.urls")),
    path("", include("reports.urls")),
]
