"""What an administrator keeps about the organisation: its data and its units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ita_portal.audit.models import Event
from ita_portal.organisations.access import ADMINISTRATORS, members_only
from ita_portal.organisations.forms import ProfileForm, UnitForm
from ita_portal.organisations.models import Organisation, Unit


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(ADMINISTRATORS)
def profile(request: Any) -> HttpResponse:
    """Show and save the organisation's data, as papers print it."""
    organisation = Organisation.objects.get(pk=request.organisation.pk)  # what is typed stays off the frame
    form = ProfileForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            if form.changed_data:
                labels = [str(form.fields[name].label) for name in form.changed_data]
                Event.record(
                    Event.Verb.PROFILE_CHANGED,
                    f"แก้ไข{' '.join(labels)}",
                    by=request.user,
                    at=timezone.now(),
                    organisation=organisation,
                    fields=form.changed_data,
                )
        messages.success(request, "บันทึกข้อมูลหน่วยงานแล้ว เอกสารที่ยังไม่ได้ลงนามจะใช้ข้อมูลนี้")
        return redirect("organisations:profile", organisation.slug)
    return render(request, "organisations/profile.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(ADMINISTRATORS)
def units(request: Any) -> HttpResponse:
    """List the units and add one."""
    organisation = request.organisation
    form = UnitForm(request.POST or None, instance=Unit(organisation=organisation))
    if request.method == "POST" and form.is_valid():
        unit = organisation.add_unit(form.cleaned_data["name"], by=request.user, at=timezone.now())
        messages.success(request, f"เพิ่ม{unit}แล้ว")
        return redirect("organisations:units", organisation.slug)
    return render(request, "organisations/units.html", {"form": form, "units": organisation.units.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(ADMINISTRATORS)
def unit_edit(request: Any, pk: int) -> HttpResponse:
    """Rename a unit."""
    unit = get_object_or_404(request.organisation.units, pk=pk)
    standing_name = unit.name
    form = UnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        unit.rename(form.cleaned_data["name"], by=request.user, at=timezone.now())
        messages.success(request, f"เปลี่ยนชื่อเป็น{unit}แล้ว")
        return redirect("organisations:units", request.organisation.slug)
    return render(request, "organisations/unit_edit.html", {"form": form, "standing_name": standing_name})


@require_POST
@members_only(ADMINISTRATORS)
def unit_move(request: Any, pk: int) -> HttpResponse:
    """Move a unit one place up, or down."""
    get_object_or_404(request.organisation.units, pk=pk).move(up=request.POST.get("to") == "up")
    return redirect("organisations:units", request.organisation.slug)


@require_POST
@members_only(ADMINISTRATORS)
def unit_state(request: Any, pk: int) -> HttpResponse:
    """Retire a unit, or bring it back."""
    unit = get_object_or_404(request.organisation.units, pk=pk)
    active = request.POST.get("to") == "active"
    unit.set_active(active, by=request.user, at=timezone.now())
    what = f"กลับมาใช้{unit}แล้ว" if active else f"เลิกใช้{unit}แล้ว มาตรการเดิมยังคงชื่อนี้ไว้"
    messages.success(request, what)
    return redirect("organisations:units", request.organisation.slug)
