"""Addresses of reports."""

from django.urls import URLPattern, path

from .views import (
    audit_files,
    audits,
    checks,
    grants,
    inbox,
    issued,
    memo_deeds,
    memo_papers,
    memos,
    office,
    papers,
    public,
    publishing,
    steps,
    verify,
    year,
)

app_name = "reports"
PLAN, ANALYSIS = {"kind": "plan"}, {"kind": "analysis"}
REPORT = "<slug:slug>/<int:be_year>/analysis-report"
MEMO = "<slug:slug>/<int:be_year>/memos/<int:pk>"
ROUND = f"{MEMO}/rounds/<int:number>"
STEP = "<slug:slug>/<int:be_year>/memos/<int:pk>/steps/<int:step>"
PUBLIC = "p/<slug:slug>/<int:be_year>"
PUBLISH = "<slug:slug>/<int:be_year>/publish"
urlpatterns: list[URLPattern] = [
    # --- of persons, across organisations: the inbox
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.notices_read, name="notices-read"),
    # --- open to everybody: verification and published papers
    path("robots.txt", public.robots, name="robots"),
    path("verify/", verify.verify, name="verify"),
    path("verify/<str:code>/", verify.verify_code, name="verify-code"),
    path("p/<slug:slug>/", public.years, name="public-years"),
    path(f"{PUBLIC}/", public.year, name="public-year"),
    path(f"{PUBLIC}/data.json", public.year_data, name="public-json"),
    path(f"{PUBLIC}/<str:name>.pdf", public.paper_pdf, name="public-pdf"),
    path(f"{PUBLIC}/<str:name>.xlsx", public.paper_xlsx, name="public-xlsx"),
    path(f"{PUBLIC}/<str:name>.csv", public.paper_csv, name="public-csv"),
    # --- of auditors
    path("operator/auditors/", grants.auditor_grants, name="auditor-grants"),
    path("operator/auditors/<int:pk>/end/", grants.auditor_grant_end, name="auditor-grant-end"),
    path("audits/", audits.audits, name="audits"),
    path("audits/<slug:slug>/", audits.audit_organisation, name="audit-organisation"),
    path("audits/<slug:slug>/papers/<str:code>/", audits.audit_paper, name="audit-paper"),
    path("audits/<slug:slug>/papers/<str:code>/inspect/", audits.audit_inspect, name="audit-inspect"),
    path("audits/<slug:slug>/papers/<str:code>.pdf", audit_files.audit_pdf, name="audit-pdf"),
    path("audits/<slug:slug>/scans/<str:sha256>/", audit_files.audit_scan, name="audit-scan"),
    path("audits/<slug:slug>/<int:be_year>/bundle.zip", audit_files.audit_bundle, name="audit-bundle"),
    path("audits/<slug:slug>/events.csv", audit_files.audit_events, name="audit-events"),
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
    path("<slug:slug>/<int:be_year>/memos/", memos.memos, name="memos"),
    path("<slug:slug>/<int:be_year>/memos/start/", memos.memo_start, name="memo-start"),
    path(f"{MEMO}/", memos.memo, name="memo"),
    path(f"{MEMO}/edit/", memos.memo_edit, name="memo-edit"),
    path(f"{MEMO}/chain/", memos.memo_chain, name="memo-chain"),
    path(f"{MEMO}/send/", memo_deeds.memo_send, name="memo-send"),
    path(f"{MEMO}/recall/", memo_deeds.memo_recall, name="memo-recall"),
    path(f"{MEMO}/cancel/", memo_deeds.memo_cancel, name="memo-cancel"),
    path(f"{MEMO}/discard/", memo_deeds.memo_discard, name="memo-discard"),
    path(f"{MEMO}/revise/", memo_deeds.memo_revise, name="memo-revise"),
    path(f"{MEMO}/preview/", memo_papers.memo_preview, name="memo-preview"),
    path(f"{MEMO}/paper/", memo_papers.memo_html, name="memo-paper"),
    path(f"{MEMO}.pdf", memo_papers.memo_pdf, name="memo-pdf"),
    path(f"{ROUND}/<slug:kind>/preview/", memo_papers.sent_preview, name="sent-preview"),
    path(f"{ROUND}/<slug:kind>/", memo_papers.sent_html, name="sent-paper"),
    path(f"{ROUND}/<slug:kind>.pdf", memo_papers.sent_pdf, name="sent-pdf"),
    # --- steps of the approvers
    path(f"{STEP}/", steps.step_page, name="step"),
    path(f"{STEP}/decide/", steps.step_decide, name="step-decide"),
    path(f"{STEP}/signature/", steps.step_signature, name="step-signature"),
    path(f"{STEP}/scan/", steps.step_scan, name="step-scan"),
    # --- approved papers and their publication
    path("<slug:slug>/<int:be_year>/issued/<str:code>.pdf", issued.issued_pdf, name="issued-pdf"),
    path(f"{PUBLISH}/", publishing.publication, name="publication"),
    path(f"{PUBLISH}/<str:code>/", publishing.paper_publish, name="paper-publish"),
    path("<slug:slug>/<int:be_year>/withdraw/<str:code>/", publishing.paper_withdraw, name="paper-withdraw"),
]
