"""Texts that frame the analysis report: preface, background, and what the tools are."""

from __future__ import annotations

from .facts import listed
from .overview import ABOUT_TOOLS, ASSESSMENT
from .subject import Subject, code, named, paragraphs, sentences, token


def preface_text(subject: Subject) -> str:
    """Return the preface (คำนำ)."""
    content = "ผลคะแนนรวมและระดับ ผลรายเครื่องมือและรายตัวชี้วัด "
    if any(f.change is not None for f in (subject.result.total, *subject.result.indicators)):
        content += "การเปรียบเทียบกับปีก่อน "
    return paragraphs(
        f"รายงานฉบับนี้จัดทำขึ้นเพื่อนำผล{ASSESSMENT} ประจำปีงบประมาณ พ.ศ. {{ปีที่ประเมิน}} ของ{{หน่วยงาน}}มาวิเคราะห์ "
        "ให้เห็นทั้งเรื่องที่ทำได้ดีและเรื่องที่ต้องปรับปรุง",
        f"เนื้อหาประกอบด้วย{content}จุดแข็ง จุดที่ควรพัฒนา และมาตรการส่งเสริมคุณธรรมและความโปร่งใส "
        "ประจำปีงบประมาณ พ.ศ. {ปีมาตรการ} ตัวเลขทุกรายการในรายงานมาจากผลการประเมินที่บันทึกไว้",
        "{หน่วยงาน}หวังว่ารายงานนี้จะเป็นประโยชน์แก่ผู้บริหารและบุคลากรในการปรับปรุงงาน "
        "และเป็นข้อมูลให้ประชาชนร่วมติดตามการทำงานของหน่วยงานได้",
    )


def background_text(subject: Subject) -> str:
    """Return the background: what the assessment is, whom it covers, and what follows from it."""
    return paragraphs(
        f"{ASSESSMENT} เป็นการประเมินประจำปีงบประมาณซึ่งสำนักงาน ป.ป.ช. ดำเนินการกับหน่วยงานภาครัฐทั่วประเทศ "
        "เพื่อให้หน่วยงานทราบสถานะและปัญหาด้านความโปร่งใสของตน และนำไปปรับปรุงการดำเนินงานให้ประชาชนเชื่อมั่นยิ่งขึ้น",
        "การประเมินนี้เชื่อมโยงกับยุทธศาสตร์ชาติและแผนแม่บทภายใต้ยุทธศาสตร์ชาติ ประเด็นการต่อต้านการทุจริตและประพฤติมิชอบ "
        "ซึ่งมุ่งให้ภาครัฐโปร่งใสและปลอดการทุจริต หน่วยงานจึงต้องเปิดเผยข้อมูลต่อสาธารณะ รับฟังผู้มีส่วนได้ส่วนเสีย "
        "และแสดงให้เห็นว่านำผลการประเมินไปใช้จริง",
        "{หน่วยงาน}เข้ารับการประเมินในปีงบประมาณ พ.ศ. {ปีที่ประเมิน} และนำผลที่ได้มาวิเคราะห์ในรายงานนี้ "
        "เพื่อกำหนดมาตรการประจำปีงบประมาณ พ.ศ. {ปีมาตรการ} ให้ตรงกับเรื่องที่ต้องแก้ไข",
    )


def tools_text(subject: Subject) -> str:
    """Return what each tool is: whom it asks, its weight, its parts and its indicators."""
    result = subject.result
    if not result.tools:
        return ""
    told = [
        f"การประเมินใช้เครื่องมือ {listed(map(code, result.tools))} ประกอบด้วยตัวชี้วัดรวม {{จำนวนตัวชี้วัดทั้งหมด}} ตัวชี้วัด ดังนี้"
    ]
    for tool in result.tools:
        about = ABOUT_TOOLS.get(tool.code, f"เครื่องมือ {code(tool)}")
        measures = ""
        if tool.children:
            measures = f"ประกอบด้วย{listed(map(named, tool.children))}"
        parts = ""
        if tool.parts:
            parts = f"แยกคะแนนเป็น {listed(map(code, tool.parts))}"
            if tool.code == "EIT" and len(tool.parts) == 2:
                own, surveyed = tool.parts
                parts = f"แยกเป็น {code(own)} ซึ่งผู้รับบริการเข้าตอบด้วยตนเอง และ {code(surveyed)} ซึ่งผู้ประเมินจัดเก็บข้อมูล"
        told.append(sentences(f"{about} มีน้ำหนักร้อยละ {token(tool, 'น้ำหนัก')} ของคะแนนรวม", parts, measures))
    return paragraphs(*told)
