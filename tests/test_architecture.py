"""The shape of the project: who may import whom, pairs of columns, and clean templates."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.models import CheckConstraint, Q

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"

# Layers from the ground up: a module imports from its own layer and those before it, never from a later one.
LAYERS = (
    {"ita_portal.thai", "ita_portal.cells"},
    {
        "assessments.labels",
        "assessments.levels",
        "assessments.scoring",
        "assessments.reading",
        "assessments.recommendation_reading",
    },
    {"ita_portal.organisations", "ita_portal.audit", "ita_portal.templatetags", "ita_portal.assets"},
    {"ita_portal.nul", "ita_portal.too_large", "ita_portal.wrong_method"},
    {"assessments"},
    {"measures"},
    {"reports"},
    {"ita_portal.urls", "ita_portal.settings", "ita_portal.wsgi"},
)
ROOMS = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}


def layer_of(module: str) -> int | None:
    """Return the layer of a module by the longest room that holds it; None for what is not ours."""
    words = module.split(".")
    for length in range(len(words), 0, -1):
        room = ".".join(words[:length])
        if room in ROOMS:
            return ROOMS[room]
    return None


def sources() -> Iterator[tuple[str, Path]]:
    """Yield the name and the file of every module of the project, but for migrations."""
    for top in ("ita_portal", "assessments", "measures", "reports"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                yield ".".join(parts).removesuffix(".__init__"), path


SOURCES = dict(sources())


def imports_of(module: str, node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the full name of everything that a piece of a module's code imports."""
    package = module if SOURCES[module].name == "__init__.py" else module.rpartition(".")[0]
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield child.lineno, alias.name
        elif isinstance(child, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - child.level + 1] if child.level else []
            base = ".".join([*up, child.module] if child.module else up)
            for alias in child.names:
                yield child.lineno, f"{base}.{alias.name}"


@pytest.mark.parametrize("module", SOURCES)
def test_imports_point_down(module: str) -> None:
    own = layer_of(module)
    if module == "ita_portal":
        return
    assert own is not None, f"{module} belongs to no layer"
    tree = ast.parse(SOURCES[module].read_text(encoding="utf-8"))
    upward = [
        f"{module}:{line} imports {name}"
        for line, name in imports_of(module, tree)
        if (theirs := layer_of(name)) is not None and theirs > own
    ]
    assert upward == []


@pytest.mark.parametrize("module", SOURCES)
def test_nothing_is_imported_inside_functions(module: str) -> None:
    """But in `AppConfig.ready`, which Django gives for what needs the models."""
    tree = ast.parse(SOURCES[module].read_text(encoding="utf-8"))
    hidden = [
        f"{module}:{line} imports {name}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and not (function.name == "ready" and module.endswith(".apps"))
        for line, name in imports_of(module, function)
    ]
    assert hidden == []


def test_only_one_module_imports_the_pdf_engine() -> None:
    users = {
        module
        for module, path in SOURCES.items()
        for _, name in imports_of(module, ast.parse(path.read_text(encoding="utf-8")))
        if name.split(".")[0] == "weasyprint"
    }
    assert all(user.startswith("reports.pdf") for user in users)
    assert users


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"services", "utils", "helpers", "common", "signals"}
    assert [module for module in SOURCES if module.rpartition(".")[2] in drawers] == []


def columns_of(condition: Q) -> set[str]:
    """Return the columns that a condition speaks of."""
    found = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= columns_of(child)
        elif isinstance(child, tuple):
            found.add(child[0].split("__")[0])
    return found


OUR_MODELS = [m for m in apps.get_models() if m.__module__ in SOURCES]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_when_and_who_are_held_together(model: type[models.Model]) -> None:
    """A deed that may not have been done has both of `x_at` and `x_by`, or neither, by the database's rule."""
    fields = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}
    pairs = [
        {f"{deed}_at", f"{deed}_by"}
        for name in fields
        if (deed := name.removesuffix("_at")) != name and f"{deed}_by" in fields and fields[name].null
    ]
    held = [columns_of(c.condition) for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    assert [pair for pair in pairs if not any(pair <= columns for columns in held)] == []


def test_pairs_are_found_at_all() -> None:
    labels = {model._meta.label for model in OUR_MODELS}
    assert {"organisations.Invitation", "assessments.Assessment", "measures.MeasurePlan"} <= labels


# --- Templates ---


def templates(*, print_too: bool = False) -> list[str]:
    """Return the names of the templates of pages (and of the print ones)."""
    names = [path.relative_to(TEMPLATES).as_posix() for path in sorted(TEMPLATES.rglob("*.html"))]
    return [name for name in names if print_too or not name.startswith("print/")]


@pytest.mark.parametrize("name", templates())
def test_templates_hold_no_inline_script_or_style(name: str) -> None:
    """The content security policy would block it."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    inline = r"<script(?![^>]*\ssrc=)[^>]*>|<style[\s>]|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
    found = re.findall(inline, text, flags=re.IGNORECASE)
    assert [tag for tag in found if 'type="application/json"' not in tag] == []


@cache
def everything_that_names_templates() -> str:
    """Return the text of all code and all templates."""
    paths = [*SOURCES.values(), *TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@pytest.mark.parametrize("name", templates(print_too=True))
def test_every_template_is_used(name: str) -> None:
    if name.startswith("account/") or re.fullmatch(r"\d{3}(_csrf)?\.html", name):
        return  # allauth and Django know these by their names
    assert f'"{name}"' in everything_that_names_templates()


# Names and codes that are Latin in Thai texts, too.
LATIN = {
    "ITA",
    "IIT",
    "EIT",
    "OIT",
    "CSV",
    "XLSX",
    "PDF",
    "ZIP",
    "Excel",
    "Word",
    "URL",
    "SHA",
    "png",
    "jpg",
    "Alt",
    "Ctrl",
    "Enter",
    "Tab",
    "create_organisation",
    "load_instruments",
    "seed_demo",
}


def visible_text(source: str) -> str:
    """Return what a reader of the page sees: text, and the attributes that are shown or read aloud."""
    plain = re.sub(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", " ", source, flags=re.DOTALL)
    plain = re.sub(r"{%.*?%}|{{.*?}}", " ", plain, flags=re.DOTALL)
    plain = re.sub(r"<(script|style)\b.*?</\1>", " ", plain, flags=re.DOTALL)
    shown = re.findall(r'\s(?:placeholder|title|alt|aria-label|data-label)="([^"]*)"', plain)
    plain = re.sub(r"<[^>]*>", " ", plain)
    return html.unescape(" ".join([plain, *shown]))


@pytest.mark.parametrize("name", templates(print_too=True))
def test_pages_speak_thai(name: str) -> None:
    text = visible_text((TEMPLATES / name).read_text(encoding="utf-8"))
    text = re.sub(r"https?://\S+", " ", text)
    words = re.findall(r"[A-Za-z_]{3,}", text)
    assert [word for word in words if word not in LATIN] == []
