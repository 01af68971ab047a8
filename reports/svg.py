"""SVG drawings from outside, cut down to what may be drawn.

Pure: bytes in, a clean drawing out. Nothing is repaired in silence: a drawing that needs what is not drawn here
(scripts, pictures from elsewhere, filters…) is refused, because an emblem with a part missing is a wrong emblem.
"""

import math
import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder, register_namespace, tostring
from xml.parsers import expat

MAX_ELEMENTS = 5_000
MAX_DEPTH = 40
MAX_SIDE = 100_000
_SVG = "http://www.w3.org/2000/svg}"
_XLINK = "http://www.w3.org/1999/xlink}href"
register_namespace("", _SVG[:-1])

# What the engine of the papers draws as browsers do. Left out with a reason: image and feImage load files, pattern
# and marker multiply without end, filters are drawn wrongly, foreignObject holds web pages.
_DRAWN = frozenset(
    {"svg", "g", "defs", "symbol", "use", "clipPath", "mask", "style", "text", "tspan"}
    | {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
    | {"linearGradient", "radialGradient", "stop"}
)
_SAID_ONLY = frozenset({"title", "desc", "metadata"})
_URL = re.compile(r"url\s*\(\s*['\"]?\s*([^'\")]*)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_LENGTH = re.compile(r"\s*([0-9.]+(?:e[+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in)?\s*", re.IGNORECASE)
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
# A see-through group or a mask is a picture of its own for the rasteriser, ten milliseconds each.
_LAYER = re.compile(
    r"(?<![-\w])(?:opacity\s*:(?!\s*1(?:\.0*)?\s*(?:;|$))|mask\s*:(?!\s*none))", re.IGNORECASE
)
LAYER_WEIGHT = 25
PAINT_WEIGHT = 10
# Hair-thin dashes along a long line would keep the rasteriser busy for hours.
_DASHED = re.compile(r"stroke-dasharray\s*:(?!\s*(?:none|0)\s*(?:;|\}|$))", re.IGNORECASE)
_AS_PNG = "โปรดส่งออกเป็นภาพ PNG จากโปรแกรมวาดภาพ เช่น ตรา.png"
_DASHES = f"มีเส้นประ ซึ่งระบบวาดไม่ได้ {_AS_PNG}"


class BadDrawing(ValueError):
    """A drawing that cannot be taken; its text is the Thai rest of a sentence that begins with the file's name."""


@dataclass(frozen=True)
class Drawing:
    """A clean SVG, and the proportions of its frame."""

    svg: bytes
    width: float
    height: float


def is_svg(data: bytes) -> bool:
    """Return whether `data` is XML whose root is an SVG element, whatever follows."""

    class Root(Exception):
        pass

    def start(tag: str, _attributes: dict[str, str]) -> None:
        raise Root(tag)

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except Root as root:
        return str(root) == f"{_SVG}svg"
    except (expat.ExpatError, ValueError):
        pass
    return False


def clean_drawing(data: bytes) -> Drawing:
    """Return the drawing in `data` with nothing in it that runs, loads or multiplies. Raises BadDrawing."""
    root = _tree(data)
    _weigh(root)
    left, top, width, height = _frame(root)
    # The frame alone gives the size: a width of a million pixels on the root is of no use to anybody.
    for name in ("width", "height", "preserveAspectRatio", "x", "y"):
        root.attrib.pop(name, None)
    root.set("viewBox", f"{left} {top} {width} {height}")
    return Drawing(tostring(root), width, height)


def _tree(data: bytes) -> Element:
    """Parse `data`, leaving out what editors note for themselves."""
    builder, parser = TreeBuilder(), expat.ParserCreate(namespace_separator="}")
    depth = skipped = count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, skipped, count
        depth, count = depth + 1, count + 1
        _limit(count, depth)
        name = tag.removeprefix(_SVG)
        if skipped or name in _SAID_ONLY or (name == tag and depth > 1):
            skipped += 1
        elif name == "script":
            raise BadDrawing(f"มีคำสั่ง (script) อยู่ข้างใน รับเฉพาะภาพวาดล้วน {_AS_PNG}")
        elif name not in _DRAWN:
            raise BadDrawing(f"มีส่วน <{name[:40]}> ซึ่งระบบวาดไม่ได้ {_AS_PNG}")
        else:
            builder.start("{" + tag, _kept(attributes))

    def end(tag: str) -> None:
        nonlocal depth, skipped
        depth -= 1
        if skipped:
            skipped -= 1
        else:
            builder.end("{" + tag)

    def text(words: str) -> None:
        if not skipped:
            builder.data(words)

    def entity(*_declaration: object) -> None:
        raise BadDrawing(f"มีการประกาศคำย่อ (ENTITY) ซึ่งไม่รับเพราะอาจขยายไม่รู้จบ {_AS_PNG}")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, entity
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError) as fault:
        raise BadDrawing(f"อ่านภาพ SVG ไม่ได้ แฟ้มเสียหรือถูกตัดท้าย {_AS_PNG}") from fault
    root = builder.close()
    for style in root.iter("{" + _SVG + "style"):
        # @import and @font-face load files; nothing in an emblem needs an @ rule.
        if "@" in (style.text or ""):
            raise BadDrawing(f"มีคำสั่ง @ ในรูปแบบ (style) ซึ่งอาจโหลดแฟ้มจากภายนอก {_AS_PNG}")
        _check_addresses(style.text or "")
    return root


def _kept(attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes that count for drawing, refusing those that run or load something."""
    kept = {}
    for name, value in attributes.items():
        if name.lower().startswith("on"):
            raise BadDrawing(f"มีคำสั่ง ({name[:40]}) อยู่ข้างใน รับเฉพาะภาพวาดล้วน {_AS_PNG}")
        if name in ("href", _XLINK):
            if not value.strip().startswith("#"):
                raise BadDrawing(f"อ้างถึงแฟ้มภายนอก “{value[:60]}” ภาพต้องอยู่ในแฟ้มเดียวทั้งหมด {_AS_PNG}")
            kept["href"] = value.strip()
        elif "}" not in name:
            if name == "spreadMethod" and value.strip() != "pad":
                raise BadDrawing(f"มีการไล่สีแบบวนซ้ำ ซึ่งระบบวาดไม่ได้ {_AS_PNG}")
            if name == "stroke-dasharray" and value.strip() not in ("none", "0", ""):
                raise BadDrawing(_DASHES)
            _check_addresses(value, css=name == "style")
            kept[name] = value
    return kept


def _check_addresses(value: str, *, css: bool = True) -> None:
    """Refuse an address outside the drawing, and escapes in style rules, behind which one could hide."""
    for address in _URL.findall(value):
        if not address.startswith("#"):
            raise BadDrawing(f"อ้างถึงแฟ้มภายนอก “{address[:60]}” ภาพต้องอยู่ในแฟ้มเดียวทั้งหมด {_AS_PNG}")
    if css and "\\" in value:
        raise BadDrawing(f"มีเครื่องหมาย \\ ในรูปแบบ (style) ซึ่งตรวจไม่ได้ {_AS_PNG}")
    if css and _DASHED.search(value):
        raise BadDrawing(_DASHES)


def _weigh(root: Element) -> None:
    """Refuse a drawing that grows too big when every reference is followed, or that refers to itself.

    Ten lines of <use>, each ten times the one before, are ten thousand million shapes.
    """
    ids: dict[str, list[Element]] = {}
    for element in root.iter():
        ids.setdefault(element.get("id", ""), []).append(element)
    rules = [
        (set(re.findall(r"[.#]?[\w-]+|\*", selector)), _targets(body), bool(_LAYER.search(body)))
        for style in root.iter("{" + _SVG + "style")
        for selector, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", style.text or "", flags=re.DOTALL))
    ]
    known: dict[Element, tuple[int, int]] = {}
    open_: set[Element] = set()

    def own(element: Element) -> tuple[int, list[Element]]:
        """Return the weight of an element by itself, and what it refers to."""
        names = {"*", element.tag.rpartition("}")[2], f"#{element.get('id', '')}"}
        names |= {f".{word}" for word in element.get("class", "").split()}
        found = {target for value in element.attrib.values() for target in _targets(value)}
        painted = bool(found)
        found |= {element.get("href", "")[1:]}
        layered = "mask" in element.attrib or element.get("opacity", "1").strip() != "1"
        layered = layered or bool(_LAYER.search(element.get("style", "")))
        # A rule counts for every element that one word of its selector names: too many rather than too few.
        for words, targets, layers in rules:
            if words & names:
                found, layered, painted = found | targets, layered or layers, painted or bool(targets)
        referred = [part for target in found - {""} for part in ids.get(target, [])]
        # A gradient or a clip costs the rasteriser less than a layer, but far more than a plain shape.
        return LAYER_WEIGHT if layered else PAINT_WEIGHT if painted else 1, referred

    def weight(element: Element, depth: int) -> tuple[int, int]:
        if element in open_:
            raise BadDrawing(f"มีส่วนที่อ้างถึงตัวเองวนไม่รู้จบ {_AS_PNG}")
        if element not in known:
            _limit(0, depth)
            open_.add(element)
            (count, referred), height = own(element), 0
            for part in [*element, *referred]:
                more, reach = weight(part, depth + 1)
                count, height = count + more, max(height, reach)
                _limit(count, depth)
            open_.remove(element)
            known[element] = count, height + 1
        _limit(known[element][0], depth + known[element][1] - 1)
        return known[element]

    weight(root, 1)


def _targets(value: str) -> set[str]:
    return {address[1:].strip() for address in _URL.findall(value)}


def _limit(count: int, depth: int) -> None:
    if count > MAX_ELEMENTS:
        raise BadDrawing(f"มีชิ้นส่วนหรือส่วนโปร่งแสงมากเกินไป ต้องไม่เกิน {MAX_ELEMENTS:,} ชิ้น {_AS_PNG}")
    if depth > MAX_DEPTH:
        raise BadDrawing(f"มีกลุ่มซ้อนกันลึกเกินไป ต้องไม่เกิน {MAX_DEPTH} ชั้น {_AS_PNG}")


def _frame(root: Element) -> tuple[float, float, float, float]:
    """Return left, top, width and height of the drawing in its own units."""
    try:
        words = root.get("viewBox", "").replace(",", " ").split()
        numbers = [float(word) for word in words] or [0, 0, _length(root, "width"), _length(root, "height")]
        left, top, width, height = numbers
    except ValueError:
        raise BadDrawing(f"ไม่บอกขนาดของภาพ ต้องมี viewBox หรือ width กับ height {_AS_PNG}") from None
    if not (all(map(math.isfinite, numbers)) and 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise BadDrawing(
            f"มีขนาด {width:g} × {height:g} หน่วย แต่ละด้านต้องมากกว่า 0 และไม่เกิน {MAX_SIDE:,} หน่วย"
            ' เช่น viewBox="0 0 300 330"'
        )
    return left, top, width, height


def _length(root: Element, name: str) -> float:
    found = _LENGTH.fullmatch(root.get(name, ""))
    if not found:
        raise ValueError(name)
    return float(found[1]) * _PIXELS[(found[2] or "").lower()]
