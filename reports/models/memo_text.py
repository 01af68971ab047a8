"""What the officer writes in a memo."""

from __future__ import annotations

from django.db import models

from measures.models import Digits

# The fields that the officer changes while the memo is open; all others are set by its verbs.
EDITABLE = (
    "papers",
    "department",
    "phone",
    "number_prefix",
    "subject",
    "addressee",
    "background",
    "facts",
    "rules",
    "proposal",
    "closing",
    "shows_background",
    "shows_facts",
    "shows_rules",
    "shows_proposal",
    "shows_headings",
    "numbered",
    "catchword",
    "digits",
)


class MemoText(models.Model):
    """The words of a memo and how they are printed."""

    # Kinds of the papers that it carries ("plan", "analysis"), in the order in which they are attached.
    papers = models.JSONField("เอกสารแนบ", default=list)
    department = models.CharField("ส่วนราชการ", max_length=200)
    phone = models.CharField("โทร.", max_length=60, blank=True)
    number_prefix = models.CharField("ที่ (ส่วนหน้า)", max_length=40, blank=True)
    subject = models.CharField("เรื่อง", max_length=500)
    addressee = models.CharField("เรียน", max_length=200)
    background = models.TextField("เรื่องเดิม", blank=True)
    facts = models.TextField("ข้อเท็จจริง", blank=True)
    rules = models.TextField("ระเบียบ/ข้อกฎหมาย", blank=True)
    proposal = models.TextField("ข้อพิจารณา/ข้อเสนอแนะ", blank=True)
    closing = models.CharField("คำลงท้าย", max_length=300, blank=True)
    shows_background = models.BooleanField("มีเรื่องเดิม", default=True)
    shows_facts = models.BooleanField("มีข้อเท็จจริง", default=True)
    shows_rules = models.BooleanField("มีระเบียบ/ข้อกฎหมาย", default=True)
    shows_proposal = models.BooleanField("มีข้อพิจารณา/ข้อเสนอแนะ", default=True)
    shows_headings = models.BooleanField("พิมพ์หัวข้อของแต่ละส่วน", default=True)
    numbered = models.BooleanField("ใส่เลขหน้าหัวข้อ", default=True)
    catchword = models.BooleanField("พิมพ์คำต่อท้ายหน้า เช่น “/ความเห็น...”", default=True)
    digits = models.CharField("ตัวเลข", max_length=6, choices=Digits.choices, default=Digits.THAI)

    class Meta:
        abstract = True
