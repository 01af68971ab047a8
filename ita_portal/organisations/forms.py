"""What people type about organisations, their units and their people."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from ita_portal.thai import to_arabic

from .models import Invitation, Membership, Organisation, Role, Unit, User


def drop_placeholders(form: forms.Form) -> None:
    """Take the labels, which allauth repeats inside the boxes, out of the boxes."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """Sign-in by user name or e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["login"].label = "ชื่อผู้ใช้หรืออีเมล"
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["password"].help_text = ""
        self.fields["remember"].label = "จดจำการเข้าใช้ในเครื่องนี้"
        drop_placeholders(self)


class NewPasswordForm(ChangePasswordForm):
    """Another password, by the one that was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        drop_placeholders(self)


class ForgottenPasswordForm(ResetPasswordForm):
    """The address to which a link for another password goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop_placeholders(self)


class ReplacedPasswordForm(ResetPasswordKeyForm):
    """Another password, by a mailed link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop_placeholders(self)


class ProfileForm(forms.ModelForm):
    """What an administrator may say about the organisation: all but its address."""

    website = forms.URLField(
        label="เว็บไซต์",
        required=False,
        assume_scheme="https",
        help_text="ที่อยู่เว็บไซต์ที่เผยแพร่เอกสาร เช่น https://www.example.go.th",
        error_messages={"invalid": "ที่อยู่เว็บไซต์อ่านไม่ได้ ต้องเป็นเช่น https://www.example.go.th"},
    )

    class Meta:
        model = Organisation
        fields = ["kind", "name", "short_name", "district", "province", "phone", "website", "head_title"]
        help_texts = {
            "name": "พิมพ์ในเอกสารทุกฉบับ เช่น องค์การบริหารส่วนตำบลตัวอย่าง",
            "short_name": "ใช้บนหน้าจอและในข้อความสั้น เช่น อบต.ตัวอย่าง",
            "district": "ไม่ต้องมีคำว่า “อำเภอ” นำหน้า",
            "province": "ไม่ต้องมีคำว่า “จังหวัด” นำหน้า",
            "phone": "พิมพ์ต่อจากส่วนราชการในบันทึกข้อความ เช่น ๐ ๒๑๒๓ ๔๕๖๗ ต่อ ๑๑",
            "head_title": "ผู้ที่บันทึกข้อความเรียนถึง หากเว้นว่างจะใช้ตำแหน่งตามประเภทหน่วยงาน",
        }
        widgets = {"phone": forms.TextInput(attrs={"inputmode": "tel"})}

    def clean_district(self) -> str:
        """Drop the word that papers print before the name themselves."""
        return self.cleaned_data["district"].removeprefix("อำเภอ").strip()

    def clean_province(self) -> str:
        """Drop the word that papers print before the name themselves."""
        province = self.cleaned_data["province"].removeprefix("จังหวัด").strip()
        if not province:
            raise ValidationError("โปรดกรอกชื่อจังหวัด เช่น นครตัวอย่าง")
        return province


class UnitForm(forms.ModelForm):
    """A unit's name; unique in its organisation."""

    class Meta:
        model = Unit
        fields = ["name"]

    def clean_name(self) -> str:
        """Refuse a name that another unit of the organisation has, retired ones too."""
        name = " ".join(self.cleaned_data["name"].split())
        others = self.instance.organisation.units.exclude(pk=self.instance.pk)
        same = others.filter(name=name).first()
        if same is not None:
            state = "" if same.is_active else " (เลิกใช้แล้ว กดกลับมาใช้ได้ในรายการ)"
            raise ValidationError(f"มี “{name}” อยู่แล้ว{state} ชื่อสำนัก/กองต้องไม่ซ้ำกัน")
        return name


class MemberForm(forms.ModelForm):
    """Role and position of a member."""

    class Meta:
        model = Membership
        fields = ["role", "position_title"]


class InvitationForm(forms.ModelForm):
    """Who is invited, and as what."""

    role = forms.ChoiceField(
        label="บทบาท",
        choices=[("", "เลือกบทบาท"), *Role.choices],
        error_messages={"required": "โปรดเลือกบทบาท"},
    )

    class Meta:
        model = Invitation
        fields = ["prefix", "first_name", "last_name", "position_title", "role", "email"]

    def clean_email(self) -> str:
        """Refuse an address whose owner is a member already."""
        email = self.cleaned_data["email"].strip()
        here = self.instance.organisation.memberships.active()
        if email and here.filter(user__email__iexact=email).exists():
            raise ValidationError(f"ผู้ใช้อีเมล {email} เป็นสมาชิกของหน่วยงานนี้อยู่แล้ว")
        return email


class NewAccountForm(forms.ModelForm):
    """The account of a person who comes by invitation."""

    password1 = forms.CharField(
        label="รหัสผ่าน",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="อย่างน้อย ๑๐ ตัวอักษร ไม่ใช่คำที่เดาง่าย และไม่คล้ายชื่อของท่าน",
    )
    password2 = forms.CharField(
        label="รหัสผ่านอีกครั้ง",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["username", "email"]
        help_texts = {
            "username": "ตัวอักษร ตัวเลข และ @ . + - _ เท่านั้น ไม่มีช่องว่าง เช่น somying.d",
            "email": "ใช้รับลิงก์ตั้งรหัสผ่านใหม่เมื่อลืม",
        }

    field_order = ["username", "password1", "password2", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autocomplete"] = "username"

    def clean_username(self) -> str:
        """Refuse a name that differs from another's only by capitals."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(f"มีผู้ใช้ชื่อ “{username}” แล้ว โปรดตั้งชื่ออื่น เช่น {username}2")
        return username

    def clean_email(self) -> str:
        """Refuse the address of another account."""
        email = self.cleaned_data["email"].strip()
        if email and User.objects.filter(email__iexact=email).exists():
            raise ValidationError(f"มีบัญชีที่ใช้อีเมล {email} แล้ว หากเป็นของท่าน โปรดเข้าสู่ระบบก่อน แล้วเปิดลิงก์คำเชิญอีกครั้ง")
        return email

    def clean(self) -> dict[str, Any]:
        """Hold both passwords against each other and against the rules."""
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", "รหัสผ่านสองช่องไม่ตรงกัน โปรดพิมพ์ให้เหมือนกัน")
        if first:
            self.instance.username = cleaned.get("username", "")
            try:
                password_validation.validate_password(first, self.instance)
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned

    def save(self, commit: bool = True) -> User:
        """Make the user with a hashed password."""
        self.instance.set_password(self.cleaned_data["password1"])
        return super().save(commit)


class SearchForm(forms.Form):
    """One box of search words."""

    q = forms.CharField(label="ค้นหา", required=False, max_length=100)

    def words(self) -> list[str]:
        """The words typed, with Arabic digits; none where nothing readable was typed."""
        return to_arabic(self.cleaned_data["q"]).split() if self.is_valid() else []
