"""Addresses of reports."""

from django.urls import URLPattern, path

from .views import checks, inbox, office, papers, steps, year

app_name = "reports"
PLAN, ANALYSIS = {"kind": "plan"}, {"kind": "analysis"}
REPORT = "<slug:slug>/<int:be_year>/analysis-report"
STEP = "<slug:slug>/<int:be_year>/memos/<int:pk>/steps/<int:step>"
urlpatterns: list[URLPattern] = [
    # --- of persons, across organisations: the inbox
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.notices_read, name="notices-read"),
    # --- open to everybody: verification and published papers
    # --- of auditors
    # --- of one organisation
    path("<slug:slug>/", year.organisation_home, name="home"),
    path("<slug:slug>/<int:be_year>/", year.year_home, name="year-home"),
    path("<slug:slug>/<int:be_year>/check/", checks.plan_check, name="plan-check"),
    path("<slug:slug>/<int:be_year>/check/tick/", checks.finding_tick, name="finding-tick"),
    path("<slug:slug>/<int:be_year>/plan/preview/", papers.paper_preview, PLAN, name="plan-preview"),
    path("<slug:slug>/<int:be_year>/plan/paper/", papers.paper_html, PLAN, name="plan-paper"),
    path("<slug:slug>/<int:be_year>/plan.pdf", papers.paper_pdf, PLAN, name="plan-pdf"),
    path(f"{REPORT}/preview/", papers.paper_preview, ANALYSIS, name="analysis-preview"),
    path(f"{REPORT}/paper/", papers.paper_html, ANALYSIS, name="analysis-paper"),
    path(f"{REPORT}.pdf", papers.paper_pdf, ANALYSIS, name="analysis-pdf"),
    # --- letterhead, chain and delegations
    path("<slug:slug>/letterhead/", office.letterhead, name="letterhead"),
    path("<slug:slug>/letterhead/emblem.png", office.emblem, name="emblem"),
    path("<slug:slug>/chain/", office.chain, name="chain"),
    path("<slug:slug>/delegations/", office.delegations, name="delegations"),
    path("<slug:slug>/delegations/<int:pk>/revoke/", office.delegation_revoke, name="delegation-revoke"),
    # --- memos of the officer
    # --- steps of the approvers
    path(f"{STEP}/", steps.step_page, name="step"),
    path(f"{STEP}/decide/", steps.step_decide, name="step-decide"),
    path(f"{STEP}/signature/", steps.step_signature, name="step-signature"),
    path(f"{STEP}/scan/", steps.step_scan, name="step-scan"),
    # --- approved papers and their publication
]
