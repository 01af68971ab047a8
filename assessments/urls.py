"""Addresses of assessments."""

from django.urls import URLPattern, path, re_path

from .views import analysis, instruments, paste, question_maps, recommendations, scores

app_name = "assessments"
urlpatterns: list[URLPattern] = [
    path("operator/instruments/", instruments.instrument_list, name="instrument-list"),
    path(
        "operator/instruments/<int:be_year>/",
        instruments.instrument_questions,
        name="instrument-questions",
    ),
    path("operator/instruments/<int:be_year>/question-map/", question_maps.question_map, name="question-map"),
    re_path(
        r"^operator/instruments/(?P<be_year>[0-9]{4})/questions\.(?P<kind>csv|xlsx)$",
        instruments.instrument_export,
        name="instrument-export",
    ),
    path("<slug:slug>/<int:be_year>/scores/", scores.score_sheet, name="score-sheet"),
    path("<slug:slug>/<int:be_year>/scores/save/", scores.scores_save, name="scores-save"),
    path("<slug:slug>/<int:be_year>/scores/cell/", scores.score_save, name="score-save"),
    path("<slug:slug>/<int:be_year>/scores/depth/", scores.scores_depth, name="scores-depth"),
    path("<slug:slug>/<int:be_year>/scores/close/", scores.scores_close, name="scores-close"),
    path("<slug:slug>/<int:be_year>/scores/reopen/", scores.scores_reopen, name="scores-reopen"),
    path("<slug:slug>/<int:be_year>/scores/paste/", paste.scores_paste, name="scores-paste"),
    path("<slug:slug>/<int:be_year>/analysis/", analysis.analysis, name="analysis"),
    path("<slug:slug>/<int:be_year>/trend/", analysis.trend_page, name="trend"),
    path("<slug:slug>/<int:be_year>/what-if/", analysis.what_if_page, name="what-if"),
    path("<slug:slug>/<int:be_year>/recommendations/", recommendations.listing, name="recommendations"),
    path(
        "<slug:slug>/<int:be_year>/recommendations/add/",
        recommendations.recommendation_add,
        name="recommendation-add",
    ),
    path(
        "<slug:slug>/<int:be_year>/recommendations/paste/",
        recommendations.recommendations_paste,
        name="recommendations-paste",
    ),
    path(
        "<slug:slug>/<int:be_year>/recommendations/<int:pk>/save/",
        recommendations.recommendation_save,
        name="recommendation-save",
    ),
    path(
        "<slug:slug>/<int:be_year>/recommendations/<int:pk>/delete/",
        recommendations.recommendation_delete,
        name="recommendation-delete",
    ),
]
