"""Made-up organisations and people over two published sets of figures: something to look at on a new machine."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, Instrument, Recommendation
from assessments.scoring import Key
from ita_portal.organisations.models import Membership, Organisation, Role, User
from measures.models import MeasurePlan
from measures.models.library import Suggestions
from reports.issuing import decide, render
from reports.memo_facts import facts_of
from reports.memo_texts import ready_text
from reports.models import ChainEntry, ChainStep, Delegation, Letterhead, Memo, Tick
from reports.paper_checks import review_of
from reports.sending import send

FIGURES = Path(__file__).parent / "demo"
PASSWORD = "ตัวอย่าง-2567"  # the demo runs only where settings.DEMO is on, on this machine


class HoldsRealData(Exception):
    """The database holds an organisation or a person that the demo did not make."""


@dataclass(frozen=True)
class SignIn:
    """A demo user: how to sign in, as whom."""

    username: str
    role: str
    prefix: str
    first_name: str
    last_name: str
    position: str


PEOPLE = (
    SignIn("staff", Role.STAFF, "นางสาว", "มานี", "ใจตรง", "นักวิเคราะห์นโยบายและแผนปฏิบัติการ"),
    SignIn("approver", Role.APPROVER, "นาย", "ปิติ", "รักงาน", "ปลัดองค์การบริหารส่วนตำบล"),
    SignIn("administrator", Role.ADMINISTRATOR, "นาง", "ชูใจ", "เรียบร้อย", "หัวหน้าสำนักปลัด"),
    SignIn("head", Role.APPROVER, "นาย", "มานะ", "ยิ่งสุข", "นายกองค์การบริหารส่วนตำบลตัวอย่าง"),
    SignIn("auditor", Role.AUDITOR, "นาย", "วีระ", "ตรวจดี", "ผู้ตรวจสอบ"),
)
# Where a person's position is another one than in the subdistrict organisation.
POSITIONS = {
    ("changwat-tuayang", "administrator"): "หัวหน้าสำนักงานจังหวัด",
    ("changwat-tuayang", "approver"): "ปลัดจังหวัด",
    ("changwat-tuayang", "head"): "ผู้ว่าราชการจังหวัดตัวอย่าง",
    ("tessaban-tuayang", "administrator"): "ผู้อำนวยการกองยุทธศาสตร์และงบประมาณ",
    ("tessaban-tuayang", "approver"): "รองปลัดเทศบาล",
    ("tessaban-tuayang", "head"): "นายกเทศมนตรีตำบลตัวอย่าง",
}
# The positions that sign above the officer, and which demo user holds them ("" for a vacant post).
CHAINS = {
    "abt-tuayang": (
        ("หัวหน้าสำนักปลัด", "administrator"),
        ("ปลัดองค์การบริหารส่วนตำบล", "approver"),
        ("นายกองค์การบริหารส่วนตำบลตัวอย่าง", "head"),
    ),
    "changwat-tuayang": (
        ("หัวหน้าสำนักงานจังหวัด", "administrator"),
        ("ปลัดจังหวัด", "approver"),
        ("ผู้ว่าราชการจังหวัดตัวอย่าง", "head"),
    ),
    "tessaban-tuayang": (
        ("ผู้อำนวยการกองยุทธศาสตร์และงบประมาณ", "administrator"),
        ("ปลัดเทศบาล", ""),
        ("นายกเทศมนตรีตำบลตัวอย่าง", "head"),
    ),
}
OPERATOR = SignIn("operator", "operator", "นาย", "สมคิด", "ดูแลระบบ", "")

UNITS = {
    "abt-tuayang": ["สำนักปลัด", "กองคลัง", "กองช่าง", "กองการศึกษา ศาสนาและวัฒนธรรม", "กองสวัสดิการสังคม"],
    "changwat-tuayang": [
        "สำนักงานจังหวัด",
        "กลุ่มงานยุทธศาสตร์และข้อมูลเพื่อการพัฒนาจังหวัด",
        "กลุ่มงานอำนวยการ",
        "กลุ่มงานบริหารทรัพยากรบุคคล",
        "ศูนย์ดำรงธรรมจังหวัด",
    ],
    "tessaban-tuayang": ["สำนักปลัดเทศบาล", "กองยุทธศาสตร์และงบประมาณ", "กองคลัง", "กองช่าง", "กองการศึกษา"],
}


def load(*, at: datetime) -> bool:
    """Make the demo; return False where it was there already. Raises HoldsRealData. All or nothing."""
    if Organisation.objects.filter(is_demo=False).exists():
        raise HoldsRealData
    if Organisation.objects.exists():
        return False
    if User.objects.exists():
        raise HoldsRealData
    with transaction.atomic():
        people = {who.username: _person(who) for who in PEOPLE}
        User.objects.filter(pk=_person(OPERATOR).pk).update(is_superuser=True, is_staff=True)
        subdistrict = _organisation(
            slug="abt-tuayang",
            kind=Organisation.Kind.SUBDISTRICT,
            name="องค์การบริหารส่วนตำบลตัวอย่าง",
            short_name="อบต.ตัวอย่าง",
            head_title="นายกองค์การบริหารส่วนตำบลตัวอย่าง",
        )
        province = _organisation(
            slug="changwat-tuayang",
            kind=Organisation.Kind.PROVINCE,
            name="จังหวัดตัวอย่าง",
            short_name="จังหวัดตัวอย่าง",
            head_title="ผู้ว่าราชการจังหวัดตัวอย่าง",
        )
        town = _organisation(
            slug="tessaban-tuayang",
            kind=Organisation.Kind.TOWN_SUBDISTRICT,
            name="เทศบาลตำบลตัวอย่าง",
            short_name="ทต.ตัวอย่าง",
            head_title="นายกเทศมนตรีตำบลตัวอย่าง",
        )
        for organisation in (subdistrict, province, town):
            for who in PEOPLE:
                Membership.objects.create(
                    organisation=organisation,
                    user=people[who.username],
                    role=who.role,
                    position_title=POSITIONS.get((organisation.slug, who.username), who.position),
                )
            _office(organisation, people, at=at - timedelta(days=20))
        staff = people["staff"]
        measured = _figures(subdistrict, "subdistrict", by=staff, at=at)
        _recommend(measured, by=staff, at=at)
        _begun_plan(measured, by=staff, at=at)
        _plan(_figures(province, "province", by=staff, at=at), by=staff, at=at)
        memo = _approved(town, people, at=at)
        for paper in memo.issued.all():
            render(paper, at=at).publish(by=staff, at=at)
        _under_way(memo, by=staff, at=at)
    return True


def _person(who: SignIn) -> User:
    return User.objects.create_user(
        username=who.username,
        password=PASSWORD,
        prefix=who.prefix,
        first_name=who.first_name,
        last_name=who.last_name,
    )


def _organisation(**fields: str) -> Organisation:
    made = Organisation.objects.create(
        **fields, district="เมืองตัวอย่าง", province="ตัวอย่าง", phone="0 0000 0000", is_demo=True
    )
    for position, name in enumerate(UNITS[made.slug], start=1):
        made.units.create(name=name, position=position)
    return made


def _figures(organisation: Organisation, name: str, *, by: User, at: datetime) -> Assessment:
    """Enter the figures of both years from a file; return the newer assessment, closed where it is complete."""
    years = json.loads((FIGURES / f"{name}.json").read_text(encoding="utf-8"))
    for be_year, year in sorted(years.items()):
        assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=int(be_year)))
        Assessment.objects.filter(pk=assessment.pk).update(depth=year["depth"])
        assessment.save_scores({_key(code): Decimal(v) for code, v in year["scores"].items()}, by=by, at=at)
    assessment = Assessment.objects.of(organisation).latest("instrument__be_year")
    if name == "province":
        assessment.close(by=by, at=at)
    return assessment


def _key(name: str) -> Key:
    code, _, part = name.partition("/")
    return code, int(part or 0)


# Tool, part, questions and text of made-up official recommendations.
RECOMMENDATIONS: tuple[tuple[str, int, list[str], str], ...] = (
    ("IIT", 0, [], "หน่วยงานควรรักษาแนวปฏิบัติที่ดีด้านการปฏิบัติหน้าที่ไว้ และเร่งพัฒนาด้านการใช้งบประมาณ"),
    (
        "IIT",
        0,
        ["i8", "i9"],
        "บุคลากรส่วนหนึ่งยังไม่ได้ร่วมวางแผนการใช้เงิน ดังนั้น หน่วยงานควรเชิญผู้แทนทุกกองร่วมจัดทำแผนการใช้จ่ายงบประมาณ "
        "(อ้างอิงจาก ๐๑๑) และรายงานผลการใช้จ่ายให้ทุกกองทราบทุกไตรมาส (อ้างอิงจาก ๐๑๒)",
    ),
    (
        "EIT",
        2,
        ["e9"],
        "ผู้มาติดต่อบางรายเห็นว่าคำตอบที่ได้รับยังไม่ชัดเจน ดังนั้น หน่วยงานควรกำหนดผู้ตอบคำถามประจำวัน "
        "และรวบรวมคำถามที่พบบ่อยไว้ที่ช่องทางติดต่อ (อ้างอิงจาก ๐๘)",
    ),
)


def _recommend(assessment: Assessment, *, by: User, at: datetime) -> None:
    for tool, part, codes, text in RECOMMENDATIONS:
        Recommendation.add(assessment=assessment, tool=tool, part=part, codes=codes, text=text, by=by, at=at)


TEXTS = {
    "topic-3": "ช่องทางของ{หน่วยงาน}มีครบ แต่ผู้มาติดต่อหลายรายยังเข้าถึงข้อมูลได้ยาก (e6 ส่วนที่ 2 ได้ {e6 ส่วนที่ 2} คะแนน) "
    "และเห็นว่าการตอบข้อซักถามยังไม่ชัดเจน\n{หน่วยงาน}จึงจะรวมช่องทางติดต่อไว้ในหน้าเดียว และมอบหมายผู้ตอบคำถามประจำวัน",
    "limitations": "ผู้ตอบแบบวัดภายนอกบางส่วนไม่ได้มาติดต่อราชการในปีที่ประเมิน\nเจ้าหน้าที่ผู้รับผิดชอบเปลี่ยนระหว่างปี",
    "suggestions": "จัดทำบัญชีผู้มาติดต่อเป็นรายเดือนเพื่อให้มีผู้ตอบที่ตรงกลุ่ม\nจัดทำสมุดส่งมอบงานเมื่อเปลี่ยนผู้รับผิดชอบ",
}


def _begun_plan(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Begin a plan: ready measures for the two weakest items, the rest still open."""
    plan = MeasurePlan.start(assessment=assessment)
    suggestions = Suggestions(assessment.instrument, assessment.organisation)
    for figure in plan.result().weak_items[:2]:
        item = assessment.instrument.items.get(code=figure.code)
        plan.add_measure(items=[item], entry=suggestions.own(figure.code)[0], by=by, at=at)


def _plan(assessment: Assessment, *, by: User, at: datetime) -> None:
    """Draft a plan half-way: ready measures for most weak items, one excused, three texts edited."""
    plan = MeasurePlan.start(assessment=assessment)
    left_open = [figure.code for figure in plan.result().weak_items][-2:]
    items = assessment.instrument.items
    plan.excuse(
        item=items.get(code=left_open[0]),
        reason="จะติดตามผลจากมาตรการของปีก่อนซึ่งยังดำเนินการไม่ครบปี",
        by=by,
        at=at,
    )
    first_unit = assessment.organisation.units.earliest("position")
    for measure in plan.add_suggested(by=by, at=at):
        if measure.items.filter(code=left_open[1]).exists():
            measure.delete_softly(by=by, at=at)
        for step in measure.steps.filter(units=None, all_units=False):
            step.units.add(first_unit)  # the library names units of a local organisation, not of a province
    for key, text in TEXTS.items():
        plan.save_text(key=key, text=text, version=0, by=by, at=at)


# --- memos ----------------------------------------------------------------------------------------------------


def _office(organisation: Organisation, people: dict[str, User], *, at: datetime) -> None:
    """Set up letterhead and chain; of the town's vacant post the approver is in charge."""
    by = people["administrator"]
    Letterhead(
        organisation=organisation,
        department=f"{organisation.units.earliest('position')} {organisation}",
        number_prefix="ตย 77501",
    ).keep(by=by, at=at)
    entries = [ChainEntry(title, people.get(name)) for title, name in CHAINS[organisation.slug]]
    ChainStep.replace(organisation, entries, by=by, at=at)
    for entry in entries:
        if entry.holder is None:
            day = timezone.localdate(at)
            Delegation(
                organisation=organisation,
                title=entry.title,
                acting=people["approver"],
                kind=Delegation.Kind.IN_CHARGE,
                order_number="12/2567",
                starts_on=day,
                ends_on=day + timedelta(days=365),
            ).begin(by=by, at=at)


def _approved(town: Organisation, people: dict[str, User], *, at: datetime) -> Memo:
    """Draft a whole plan and let its memo pass up to the head, a step a day until today."""
    staff, begun = people["staff"], at - timedelta(days=10)
    plan = MeasurePlan.start(assessment=_figures(town, "province", by=staff, at=begun))
    first_unit = town.units.earliest("position")
    for measure in plan.add_suggested(by=staff, at=begun):
        for step in measure.steps.filter(units=None, all_units=False):
            step.units.add(first_unit)
    for key in ("limitations", "suggestions"):
        plan.save_text(key=key, text=TEXTS[key], version=0, by=staff, at=begun)
    for figure in plan.unanswered(plan.result()):
        item = plan.assessment.instrument.items.get(code=figure.code)
        plan.excuse(item=item, reason="ดำเนินการตามมาตรการของปีก่อนต่อเนื่องแล้ว", by=staff, at=begun)
    memo = _memo(plan, "plan", by=staff, at=at - timedelta(days=4))
    chain = (("administrator", "เห็นควรดำเนินการตามเสนอ"), ("approver", "เพื่อโปรดพิจารณาอนุมัติ"), ("head", "อนุมัติ"))
    for days, (name, words) in zip((3, 2, 1), chain, strict=True):
        turn = Memo.objects.get(pk=memo.pk).current_step
        assert turn is not None
        decide(turn, turn.choices[0], words=words, by=people[name], at=at - timedelta(days=days))
    memo.refresh_from_db()
    return memo


def _under_way(approved: Memo, *, by: User, at: datetime) -> None:
    """Send the analysis report after the plan: it waits at the first step."""
    _memo(approved.plan, "analysis", by=by, at=at)


def _memo(plan: MeasurePlan, kind: str, *, by: User, at: datetime) -> Memo:
    """Send a memo about one paper, its warnings looked over."""
    for finding, tick in review_of(plan, kind).warnings:
        if tick is None:
            Tick.give(plan=plan, code=finding.code, fingerprint=finding.fingerprint, by=by, at=at)
    memo = Memo.start(plan=plan, papers=[kind], draft=ready_text(facts_of(plan, (kind,))), by=by, at=at)
    send(memo, by=by, at=at)
    return memo
