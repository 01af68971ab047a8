"""Django's messages at form fields, in Thai that people understand.

Django's own Thai translation lacks some of them and is odd in others; these stand in their place everywhere.
"""

from django import forms
from django.core import validators


def use_thai_wording() -> None:
    """Set the messages of Django's form fields and validators; called once, before any form is defined."""
    validators.MaxLengthValidator.message = "ยาวเกินไป (%(show_value)d ตัวอักษร) ต้องไม่เกิน %(limit_value)d ตัวอักษร"
    validators.ProhibitNullCharactersValidator.message = "มีอักขระที่อ่านไม่ได้ โปรดพิมพ์ใหม่แทนการวาง"
    validators.EmailValidator.message = "อีเมลไม่ถูกต้อง ต้องมีเครื่องหมาย @ และชื่อโดเมน เช่น somying@example.go.th"
    validators.URLValidator.message = "ที่อยู่เว็บไซต์ไม่ถูกต้อง ต้องเป็นเช่น https://www.example.go.th"
    fields: dict[type[forms.Field], dict[str, str]] = {
        forms.Field: {"required": "โปรดกรอกช่องนี้"},
        forms.ChoiceField: {"invalid_choice": "โปรดเลือกจากรายการ (“%(value)s” ไม่มีในรายการ)"},
        forms.ModelChoiceField: {"invalid_choice": "โปรดเลือกจากรายการ"},
        forms.IntegerField: {"invalid": "ต้องเป็นจำนวนเต็ม เช่น 7"},
        forms.FileField: {
            "invalid": "ไม่ได้รับแฟ้ม โปรดเลือกแฟ้มแล้วส่งอีกครั้ง",
            "missing": "ไม่ได้รับแฟ้ม โปรดเลือกแฟ้มแล้วส่งอีกครั้ง",
            "empty": "แฟ้มนี้ว่างเปล่า โปรดเลือกแฟ้มที่มีข้อมูล",
            "max_length": "ชื่อแฟ้มยาวเกินไป โปรดตั้งชื่อให้สั้นกว่า %(max)d ตัวอักษร",
        },
    }
    for field, messages in fields.items():
        field.default_error_messages = {**field.default_error_messages, **messages}
