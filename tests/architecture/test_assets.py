"""The built assets: what pages link to exists, is compressed, and changes its name with its content."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest

from lms.core import assets as lookup
from lms.core.assets import AssetError, asset
from lms.ops import assets

ROOT = Path(__file__).resolve().parents[2]
PAGE = ("app.css", "app.js", "staff.css", "staff.js", "icons.svg", "img/favicon.svg")


def file_of(name: str) -> Path:
    return ROOT / "lms" / asset(name).lstrip("/")


def file_text(project: Path, name: str) -> str:
    return (project / "build" / asset(name).rpartition("/")[2]).read_text()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of its own, so that a test may change its sources."""
    static = tmp_path / "lms" / "static"
    for name, text in {
        "css/app.txt": "layers.css\ncomponents/*.css\n",
        "css/layers.css": "@layer base;\n",
        "css/components/a.css": ".a { background: url('../../img/a.svg'); }\n",
        "js/app.txt": "one.js\n",
        "css/staff.txt": "",
        "js/staff.txt": "",
        "js/one.js": "// a remark\nlet one = 1;\n",
        "icons.txt": "check  # done\n",
        "img/a.svg": "<svg/>",
    }.items():
        path = static / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    icon = tmp_path / "node_modules" / "lucide-static" / "icons" / "check.svg"
    icon.parent.mkdir(parents=True)
    icon.write_text('<svg viewBox="0 0 24 24"><path d="M1 1"/></svg>')
    for module in (assets, lookup):
        monkeypatch.setattr(module, "BUILD", static / "build")
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "STATIC", static)
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(lookup, "MANIFEST", static / "build" / "manifest.json")
    lookup._names.cache_clear()
    monkeypatch.setenv("FLASK_DEBUG", "1")
    return static


@pytest.fixture(autouse=True)
def fresh_manifest() -> None:
    lookup._names.cache_clear()


@pytest.mark.parametrize("name", PAGE)
def test_everything_a_page_links_to_was_built(name: str) -> None:
    assert file_of(name).is_file()


@pytest.mark.parametrize("name", PAGE)
def test_the_compressed_copies_hold_the_same(name: str) -> None:
    plain = file_of(name)
    content = plain.read_bytes()
    packed = [path for suffix in (".br", ".gz") if (path := Path(f"{plain}{suffix}")).exists()]
    assert packed or len(content) < 300
    for path in packed:
        opened = (
            brotli.decompress(path.read_bytes())
            if path.suffix == ".br"
            else gzip.decompress(path.read_bytes())
        )
        assert opened == content


def test_every_icon_of_the_list_is_in_the_sprite() -> None:
    sprite = file_of("icons.svg").read_text()
    for line in (ROOT / "lms" / "static" / "icons.txt").read_text().splitlines():
        if name := line.partition("#")[0].strip():
            assert f'id="{name}"' in sprite


def test_every_icon_that_a_template_names_is_in_the_list() -> None:
    listed = set((ROOT / "lms" / "static" / "icons.txt").read_text().split())
    for template in (ROOT / "lms" / "templates").rglob("*.html"):
        for name in re.findall(r"""\bicon\(["']([a-z0-9-]+)["']""", template.read_text()):
            assert name in listed, f"{template.relative_to(ROOT)} uses {name}: add it to icons.txt"


@pytest.mark.parametrize("path", ["/", "/learning", "/teaching", "/teaching/tea/gradebook", "/admin/jobs"])
@pytest.mark.parametrize(("kind", "most"), [("css", 14_500), ("js", 24_500)])
def test_style_sheet_and_script_of_every_page_stay_small(path: str, kind: str, most: int) -> None:
    """All CSS of a page 15 kB compressed, all JS 25 kB: PRODUCT, "How good"; half of one is left for what comes."""
    assert Path(f"{file_of(f'{lookup.bundle(path)}.{kind}')}.br").stat().st_size <= most


def test_a_list_may_begin_with_another(project: Path) -> None:
    (project / "css" / "staff.txt").write_text("app.txt\n")
    assets.build()
    assert file_text(project, "staff.css") == file_text(project, "app.css")


def test_the_name_changes_with_the_content_and_only_then(project: Path) -> None:
    assert assets.build()
    before = asset("app.css"), asset("app.js")
    assert not assets.build(), "nothing changed"
    (project / "js" / "one.js").write_text("let one = 2;\n")
    assert assets.build()
    assert asset("app.css") == before[0]
    assert asset("app.js") != before[1]


def test_a_picture_in_a_style_sheet_gets_its_built_name(project: Path) -> None:
    assets.build()
    names = json.loads((project / "build" / "manifest.json").read_text())
    assert f"url({names['img/a.svg']})" in (project / "build" / names["app.css"]).read_text()


def test_a_selector_that_the_minifier_would_change_is_refused(project: Path) -> None:
    (project / "css" / "components" / "a.css").write_text(".a { .b :hover { color: red } }\n")
    with pytest.raises(AssetError, match=r"components/a\.css: write"):
        assets.build()


def test_a_listed_file_that_does_not_exist_is_named(project: Path) -> None:
    (project / "icons.txt").write_text("no-such-icon\n")
    with pytest.raises(AssetError, match=r"no-such-icon\.svg"):
        assets.build()


def test_without_a_build_the_message_names_the_command(project: Path) -> None:
    with pytest.raises(AssetError, match="make assets"):
        asset("app.css")


def test_an_unknown_name_is_an_error_and_no_broken_link() -> None:
    with pytest.raises(AssetError, match=r"no-such\.css"):
        asset("no-such.css")


def test_the_certificate_fonts_are_the_packages_that_are_installed() -> None:
    pinned = json.loads((ROOT / "package.json").read_text())["dependencies"]
    for font in json.loads((ROOT / "lms" / "certificates" / "fonts.json").read_text())["fonts"]:
        assert pinned[font["package"]] == font["version"]
        assert (ROOT / "lms" / "certificates" / "fonts" / font["target"]).is_file()


def test_the_lock_file_names_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "://" not in re.sub(r'"(url|license)": "[^"]*"', "", text)
