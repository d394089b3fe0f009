"""Templates: each compiles, each page has a title, nothing stands inline that the content policy forbids."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "lms" / "templates"
ALL = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt")
)
PAGES = [
    name
    for name in ALL
    if name.endswith(".html")
    and not Path(name).name.startswith("_")
    and not name.startswith(("ui/", "layouts/", "emails/", "certificates/pdf/"))
]
ON_SCREEN = [
    name
    for name in ALL
    if name.endswith(".html")
    and not name.startswith(("emails/", "certificates/pdf/"))
    and name != "layouts/email.html"
]

INLINE = re.compile(
    r"""<style\b | <script\b(?![^>]*\bsrc=)(?![^>]*type="application/json") | \sstyle\s*= | \son[a-z]+\s*=\s*["']
      | javascript:
      | \shx-on[:\s=] | \shx-(?:vals|headers|vars)[^=]*=\s*["']js: """,
    re.VERBOSE | re.IGNORECASE,
)
REMARK = re.compile(r"{#.*?#}", re.DOTALL)


@pytest.fixture(scope="module")
def environment(unconnected: Flask):
    return unconnected.jinja_env


def source(name: str) -> str:
    """The template's text; remarks, which show attributes as examples, are left out."""
    return REMARK.sub("", (FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ALL)
def test_it_compiles_and_what_it_includes_exists(name: str, environment) -> None:
    environment.get_template(name)
    tree = environment.parse((FOLDER / name).read_text(encoding="utf-8"))
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.FromImport, nodes.Import)):
        if isinstance(node.template, nodes.Const):
            environment.get_template(node.template.value)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_title_and_a_layout(name: str, environment) -> None:
    tree = environment.parse((FOLDER / name).read_text(encoding="utf-8"))
    assert any(isinstance(node, nodes.Extends) for node in tree.body), "a page extends a layout"
    titles = [block for block in tree.find_all(nodes.Block) if block.name == "title"]
    assert titles and titles[0].body, "a page says its title"


@pytest.mark.parametrize("name", ON_SCREEN)
def test_nothing_stands_inline(name: str) -> None:
    found = INLINE.findall(source(name))
    assert found == [], f"{name}: the content policy would block {found}"


@pytest.mark.parametrize("name", ON_SCREEN)
def test_nothing_comes_from_another_host(name: str) -> None:
    loads = r"""<(?:script|link|img|iframe|video|audio|source|use)\b[^>]*?(?:src|href)=["'](?:https?:)?//"""
    assert re.findall(loads, source(name)) == []


@pytest.mark.parametrize("name", [name for name in ON_SCREEN if name != "styleguide.html"])
def test_every_form_that_posts_carries_its_token(name: str) -> None:
    for form in re.findall(
        r"<form\b[^>]*method=[\"']post[\"'][^>]*>.*?</form>", source(name), re.DOTALL | re.IGNORECASE
    ):
        assert re.search(r"csrf_token|hidden_tag|csrf\(|form\.csrf", form), form[:200]


def test_every_email_has_a_subject_and_both_bodies() -> None:
    for folder in [path for path in (FOLDER / "emails").iterdir() if path.is_dir()]:
        assert {"subject.txt", "body.txt", "body.html"} <= {path.name for path in folder.iterdir()}, folder


def test_every_icon_that_a_template_names_is_in_the_list() -> None:
    """Named directly, or as the argument `icon`, `icon_end` of a component."""
    listed = {
        line.partition("#")[0].strip() for line in (ROOT / "lms/static/icons.txt").read_text().splitlines()
    }
    patterns = (r"""\bicon\(\s*["']([a-z0-9-]+)["']""", r"""\bicon(?:_end)?=["']([a-z0-9-]+)["']""")
    used = {
        (icon, name) for name in ALL for pattern in patterns for icon in re.findall(pattern, source(name))
    }
    assert len(used) > 10
    assert {f"{name}: {icon}" for icon, name in used if icon not in listed} == set()
