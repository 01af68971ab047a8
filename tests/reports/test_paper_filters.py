"""How a paper prints a text that was escaped before its digits turned."""

from __future__ import annotations

from django.template import Context, Template


def test_the_digits_of_an_entity_are_not_those_of_the_text() -> None:
    template = Template(
        "{% load paper %}{% filter typeset:digits %}คะแนนปี 2566 {{ title }}{% endfilter %} {{ title|typeset:digits }}"
    )
    printed = template.render(Context({"title": "'ข้อ 7' <b>", "digits": "thai"}))
    quoted = "&#x27;ข้อ\u00a0๗&#x27; &lt;b&gt;"
    assert printed == f"คะแนนปี\u00a0๒๕๖๖ {quoted} {quoted}"
