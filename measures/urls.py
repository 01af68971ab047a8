"""Addresses of measures. The year in them is the plan's."""

from django.urls import path

from .views import copying, history, library, measure, plan, recommendation, settings, texts

app_name = "measures"
YEAR = "<slug:slug>/<int:be_year>"
ONE = f"{YEAR}/measures/<int:pk>"
LIBRARY = "<slug:slug>/library"
urlpatterns = [
    path(f"{LIBRARY}/", library.library, name="library"),
    path(f"{LIBRARY}/<int:pk>/", library.entry_edit, name="entry-edit"),
    path(f"{LIBRARY}/<int:pk>/delete/", library.entry_delete, name="entry-delete"),
    path(f"{YEAR}/measures/", plan.plan, name="plan"),
    path(f"{YEAR}/measures/start/", plan.plan_start, name="plan-start"),
    path(f"{YEAR}/measures/copy/", copying.copy, name="copy"),
    path(f"{YEAR}/measures/grouping/", plan.grouping, name="grouping"),
    path(f"{YEAR}/measures/suggestions/", plan.suggestions_add, name="suggestions-add"),
    path(f"{YEAR}/measures/excuse/", plan.item_excuse, name="item-excuse"),
    path(f"{YEAR}/measures/unexcuse/", plan.item_unexcuse, name="item-unexcuse"),
    path(f"{YEAR}/measures/add/", plan.measure_add, name="measure-add"),
    path(
        f"{YEAR}/measures/recommendation/<int:pk>/",
        recommendation.measure_from_recommendation,
        name="measure-from-recommendation",
    ),
    path(f"{ONE}/save/", measure.measure_save, name="measure-save"),
    path(f"{ONE}/move/", measure.measure_move, name="measure-move"),
    path(f"{ONE}/duplicate/", measure.measure_duplicate, name="measure-duplicate"),
    path(f"{ONE}/delete/", measure.measure_delete, name="measure-delete"),
    path(f"{ONE}/restore/", measure.measure_restore, name="measure-restore"),
    path(f"{ONE}/keep/", library.measure_keep, name="measure-keep"),
    path(f"{ONE}/items/", measure.measure_items, name="measure-items"),
    path(f"{ONE}/steps/add/", measure.step_add, name="step-add"),
    path(f"{ONE}/steps/<int:step>/remove/", measure.step_remove, name="step-remove"),
    path(f"{ONE}/steps/<int:step>/fill/", measure.step_fill, name="step-fill"),
    path(f"{YEAR}/history/", history.history, name="history"),
    path(f"{YEAR}/history/<int:pk>/undo/", history.change_undo, name="change-undo"),
    path(f"{YEAR}/texts/", texts.texts, name="texts"),
    path(f"{YEAR}/texts/<slug:key>/fields/", texts.text_fields, name="text-fields"),
    path(f"{YEAR}/paper-settings/<str:kind>/", settings.paper_settings, name="paper-settings"),
    path(
        f"{YEAR}/paper-settings/<str:kind>/reset/", settings.paper_settings_reset, name="paper-settings-reset"
    ),
    path("<slug:slug>/paper-settings/", settings.default_settings, name="default-settings"),
    path("<slug:slug>/paper-settings/<str:kind>/", settings.default_settings, name="default-settings-of"),
]
