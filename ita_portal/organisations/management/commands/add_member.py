"""Let a person into an organisation, with an account made where there is none."""

from __future__ import annotations

import secrets
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from ita_portal.organisations.models import Membership, Organisation, Role, User


def role_of(text: str) -> str:
    """Return the role meant by its value ("staff") or its Thai name. Raises ValueError."""
    names = {label: value for value, label in Role.choices} | {value: value for value in Role.values}
    try:
        return names[text.strip()]
    except KeyError:
        raise ValueError(text) from None


class Command(BaseCommand):
    """Make a member of an existing or a new user; nothing where any value is wrong.

    A new user gets a password from standard input, or a random one that is printed this once.
    """

    help = "เพิ่มสมาชิก เช่น add_member abt-tuayang somying --role ผู้ดูแลหน่วยงาน --first-name สมหญิง"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", help="ชื่อหน่วยงานในที่อยู่เว็บ เช่น abt-tuayang")
        parser.add_argument("username", help="ชื่อผู้ใช้ เช่น somying")
        parser.add_argument("--role", required=True, help="บทบาท: " + " ".join(Role.labels))
        parser.add_argument("--email", default="", help="อีเมล")
        parser.add_argument("--prefix", default="", help="คำนำหน้าหรือยศ")
        parser.add_argument("--first-name", default="", help="ชื่อ")
        parser.add_argument("--last-name", default="", help="นามสกุล")
        parser.add_argument("--position", default="", help="ตำแหน่งตามที่พิมพ์ในเอกสาร")
        parser.add_argument("--password-stdin", action="store_true", help="อ่านรหัสผ่านจาก standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything, then save all or nothing."""
        organisation = Organisation.objects.filter(slug=options["slug"]).first()
        if organisation is None:
            raise CommandError(
                f"slug “{options['slug']}”: ไม่มีหน่วยงานนี้ ต้องเพิ่มด้วย create_organisation ก่อน เช่น abt-tuayang"
            )
        try:
            role = role_of(options["role"])
        except ValueError:
            raise CommandError(
                f"--role “{options['role']}”: ไม่รู้จักบทบาทนี้ ต้องเป็นหนึ่งใน {' '.join(Role.labels)} "
                f"หรือ {' '.join(Role.values)} เช่น --role เจ้าหน้าที่"
            ) from None
        if len(options["position"]) > 200:
            raise CommandError(
                f"--position “{options['position'][:40]}…”: ต้องไม่เกิน 200 ตัวอักษร เช่น นักทรัพยากรบุคคล"
            )
        user = User.objects.filter(username=options["username"]).first()
        password = None
        if user is None:
            user, password = self._new_user(options)
        elif options["email"] or options["password_stdin"]:
            raise CommandError(
                f"username “{user.username}”: มีบัญชีนี้อยู่แล้ว --email และ --password-stdin ใช้กับบัญชีใหม่เท่านั้น "
                f"เช่น add_member {organisation.slug} {user.username} --role {options['role']}"
            )
        with transaction.atomic():
            user.save()
            try:
                Membership.admit(
                    organisation=organisation,
                    user=user,
                    role=role,
                    position_title=options["position"].strip(),
                    by=None,
                    at=timezone.now(),
                )
            except Membership.AlreadyMember:
                raise CommandError(
                    f"username “{user.username}”: เป็นสมาชิกของ{organisation}อยู่แล้ว เปลี่ยนบทบาทได้ที่หน้าสมาชิก "
                    f"เช่น /{organisation.slug}/members/"
                ) from None
        self.stdout.write(f"{user} เป็น{Role(role).label}ของ{organisation}แล้ว")
        if password:
            self.stdout.write(f"รหัสผ่านเริ่มต้น (แสดงครั้งเดียว โปรดเปลี่ยนเมื่อเข้าสู่ระบบ): {password}")

    def _new_user(self, options: dict[str, Any]) -> tuple[User, str | None]:
        """Return a checked, unsaved user, and the password to print where none was given."""
        fields = ("username", "email", "prefix", "first_name", "last_name")
        user = User(**{field: options[field].strip() for field in fields})
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        password = secrets.token_urlsafe(12) if given is None else given
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(
                f"--password-stdin: {' '.join(error.messages)} เช่น วลีที่จำง่ายยาวสิบตัวอักษรขึ้นไป"
            ) from error
        user.set_password(password)
        try:
            user.full_clean()
        except ValidationError as error:
            places = {"username": "username"}
            found = [
                f"{places.get(field, '--' + field.replace('_', '-'))} “{options.get(field, '')}”: {' '.join(reasons)}"
                for field, reasons in error.message_dict.items()
            ]
            example = "ตัวอย่าง: add_member abt-tuayang somying --role เจ้าหน้าที่ --email somying@example.go.th"
            raise CommandError("\n".join([*found, example])) from error
        return user, None if given is not None else password
