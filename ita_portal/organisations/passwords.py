"""Django's rules for passwords, told in Thai: its own Thai translation lacks them."""

from django.contrib.auth import password_validation as rules

from ita_portal.thai import to_thai


class LengthRule(rules.MinimumLengthValidator):
    """A password has a least length."""

    def get_error_message(self) -> str:
        """Say what is wrong, with the rule."""
        return to_thai(f"รหัสผ่านสั้นเกินไป ต้องมีอย่างน้อย {self.min_length} ตัวอักษร")

    def get_help_text(self) -> str:
        """Say the rule."""
        return to_thai(f"ยาวอย่างน้อย {self.min_length} ตัวอักษร")


class CommonRule(rules.CommonPasswordValidator):
    """A password is none of those that everybody tries first."""

    def get_error_message(self) -> str:
        """Say what is wrong, with the rule."""
        return "รหัสผ่านนี้มีคนใช้มากและเดาง่าย โปรดใช้วลีที่ท่านรู้คนเดียว"

    def get_help_text(self) -> str:
        """Say the rule."""
        return "ไม่ใช่รหัสผ่านที่คนใช้กันมากและเดาง่าย"


class SimilarityRule(rules.UserAttributeSimilarityValidator):
    """A password is not like the person's own name or address."""

    def get_error_message(self) -> str:
        """Say what is wrong, with the rule."""
        return "รหัสผ่านคล้าย%(verbose_name)sเกินไป โปรดใช้วลีที่ผู้อื่นเดาไม่ได้"

    def get_help_text(self) -> str:
        """Say the rule."""
        return "ไม่คล้ายชื่อหรืออีเมลของท่าน"
