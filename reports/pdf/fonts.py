"""The fonts of the papers: Sarabun, from the installed npm package, never from what the machine happens to have."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

#: Weight and style of each cut that the papers use.
CUTS = ((400, "normal"), (400, "italic"), (600, "normal"), (700, "normal"))
#: The package has one file for each group of scripts. Each needs a family name of its own: WeasyPrint 70 knows
#: a font by its description alone, and would draw the Latin text with the glyph numbers of the Thai file.
#: `unicode-range` is left out on purpose: the ranges of the package promise characters that its files lack
#: (U+2011, U+25CC), which would print as boxes; without it the real coverage of the file counts.
FAMILIES = {"thai": "Paper Thai", "latin": "Paper Latin", "latin-ext": "Paper Latin Extended"}


def assets() -> dict[str, Path]:
    """Return the bundled files that a paper may load, by the name that stands after ``asset:``."""
    folder = Path(settings.BASE_DIR) / "node_modules" / "@fontsource" / "sarabun" / "files"
    names = [f"sarabun-{script}-{weight}-{style}.woff2" for script in FAMILIES for weight, style in CUTS]
    return {name: folder / name for name in names}


def missing_fonts() -> list[Path]:
    """Return the font files that are not installed; without them Thai prints as boxes."""
    return [path for path in assets().values() if not path.is_file()]


def font_faces() -> str:
    """Return the ``@font-face`` rules of the bundled fonts, for the PDF engine only."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style};'
        f" src: url(asset:sarabun-{script}-{weight}-{style}.woff2) }}"
        for script, family in FAMILIES.items()
        for weight, style in CUTS
    )


@lru_cache(maxsize=4)
def draft_mark(font_file: Path) -> bytes:
    """Return ร่าง as an SVG drawing from the outlines of the font in `font_file`.

    The stamp over a draft is a drawing and not text, so that no reader finds it between the words of a sentence.
    """
    font = TTFont(font_file)
    outlines, advances, names = font.getGlyphSet(), font["hmtx"], font.getBestCmap()
    pen, x = SVGPathPen(outlines), 0
    for character in "ร่าง":
        glyph = names[ord(character)]
        # y grows downwards in SVG, upwards in a font. A tone mark has no width and hangs back over its consonant.
        outlines[glyph].draw(TransformPen(pen, (1, 0, 0, -1, x, font["hhea"].ascent)))
        x += advances[glyph][0]
    height = font["hhea"].ascent - font["hhea"].descent
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {x} {height}" width="14cm">'
        f'<path fill="#ebebeb" d="{pen.getCommands()}"/></svg>'
    ).encode()
