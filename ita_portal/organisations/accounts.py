"""How allauth is used: no one signs up by themselves, and all it says is Thai."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ita_portal.audit.models import Event

from .models import User


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation of an organisation's administrator only."""

    WRONG = "ชื่อผู้ใช้ อีเมล หรือรหัสผ่านไม่ถูกต้อง โปรดตรวจการพิมพ์ ภาษาของแป้นพิมพ์ และตัวพิมพ์ใหญ่เล็ก"
    error_messages: ClassVar[dict[str, str]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "บัญชีนี้ถูกระงับการใช้งาน โปรดติดต่อผู้ดูแลหน่วยงานของท่าน",
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": "รหัสผ่านปัจจุบันไม่ถูกต้อง",
        "enter_current_password": "รหัสผ่านปัจจุบันไม่ถูกต้อง โปรดพิมพ์อีกครั้ง",
        "invalid_password_reset": "ลิงก์ตั้งรหัสผ่านใหม่ใช้ไม่ได้ โปรดขอลิงก์ใหม่",
        "unknown_email": "ไม่มีบัญชีที่ใช้อีเมลนี้",
        "too_many_login_attempts": "เข้าสู่ระบบไม่สำเร็จหลายครั้งเกินไป โปรดรอ ๕ นาทีแล้วลองอีกครั้ง",
        "rate_limited": "ส่งคำขอถี่เกินไป โปรดรอสักครู่แล้วลองอีกครั้ง",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse every sign-up."""
        return False

    def post_login(self, request: HttpRequest, user: User, **options: Any) -> HttpResponse:
        """Record the sign-in among the platform's events: it belongs to a person, not to an organisation."""
        response = super().post_login(request, user, **options)
        Event.record(Event.Verb.SIGNED_IN, f"{user} เข้าสู่ระบบ", by=user, at=timezone.now())
        return response
