"""Addresses of the front, of an organisation's own pages, of joining, and of the operator's list."""

from django.urls import path

from .views import events, front, joining, members, operators, settings

app_name = "organisations"
urlpatterns = [
    path("", front.start, name="start"),
    path("operator/", operators.organisation_list, name="operator"),
    path("invitation/<str:token>/", joining.invitation, name="invitation"),
    path("<slug:slug>/profile/", settings.profile, name="profile"),
    path("<slug:slug>/units/", settings.units, name="units"),
    path("<slug:slug>/units/<int:pk>/", settings.unit_edit, name="unit-edit"),
    path("<slug:slug>/units/<int:pk>/move/", settings.unit_move, name="unit-move"),
    path("<slug:slug>/units/<int:pk>/state/", settings.unit_state, name="unit-state"),
    path("<slug:slug>/members/", members.member_list, name="members"),
    path("<slug:slug>/members/invite/", members.invite, name="member-invite"),
    path("<slug:slug>/members/<int:pk>/", members.member_edit, name="member-edit"),
    path("<slug:slug>/members/<int:pk>/deactivate/", members.member_deactivate, name="member-deactivate"),
    path("<slug:slug>/members/<int:pk>/reactivate/", members.member_reactivate, name="member-reactivate"),
    path(
        "<slug:slug>/members/invitations/<int:pk>/cancel/",
        members.invitation_cancel,
        name="invitation-cancel",
    ),
    path("<slug:slug>/events/", events.events, name="events"),
    path("<slug:slug>/events.csv", events.events_file, name="events-file"),
]
