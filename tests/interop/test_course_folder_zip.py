"""Zips made to harm: refused by name or while reading, and nothing is written anywhere."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from lms.interop.course_folder.model import Limits
from lms.interop.course_folder.reader import read

GOOD = {
    "course.md": b"---\ntitle: Knots\n---\n",
    "01-start/module.md": b"# Start\n",
    "01-start/01-welcome/lesson.md": b"# Welcome\n",
}


def pack(target: Path, extra: dict[str, bytes], mode: int = 0) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in GOOD.items():
            archive.writestr(name, data)
        for name, data in extra.items():
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return target


def refusal(source: Path, limits: Limits | None = None) -> str:
    with read(source, limits or Limits()) as reading:
        assert not reading.ok
        return "\n".join(map(str, reading.problems))


def test_a_good_zip_is_read(tmp_path: Path) -> None:
    with read(pack(tmp_path / "c.zip", {"__MACOSX/._course.md": b"x", ".DS_Store": b"x"})) as reading:
        assert reading.ok and reading.problems == ()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil.md", "leads outside the course folder"),
        ("assets/../../evil.png", "leads outside the course folder"),
        ("/etc/cron.d/evil", "is an absolute path"),
        ("C:/evil.md", "is an absolute path"),
        ("assets\\..\\evil.md", "has a backslash"),
        ("assets/evil.png\0.md", "has a control character"),
        ("assets//evil.png", "has an empty part"),
        ("a/b/c/d/e/f/g/h/i/j/k/l.png", "lies deeper than 10 folders"),
        ("Course.MD", "has the same name as course.md"),
        ("assets/" + "x" * 300 + ".png", "has too long a name"),
    ],
)
def test_names_that_escape_or_clash_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    source = pack(tmp_path / "c.zip", {name: b"x"})
    before = sorted(tmp_path.rglob("*"))
    assert reason in refusal(source)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    source = pack(tmp_path / "c.zip", {"assets/passwd.txt": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777)
    assert "assets/passwd.txt: is a symbolic link" in refusal(source)


def test_a_zip_bomb_is_stopped_while_reading(tmp_path: Path) -> None:
    source = pack(tmp_path / "c.zip", {"assets/zeros.txt": bytes(5_000_000)})
    assert "assets/zeros.txt: unpacks to more than 100 times its size" in refusal(source)


def test_a_file_or_course_too_large_is_refused_before_reading(tmp_path: Path) -> None:
    source = pack(tmp_path / "c.zip", {"assets/zeros.txt": bytes(3_000_000)})
    assert "the file is larger than the limit of 1 MB" in refusal(source, Limits(file=1024 * 1024))
    assert "unpacks to more than the limit of 2 MB" in refusal(source, Limits(total=2 * 1024 * 1024))


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    source = pack(tmp_path / "c.zip", {"assets/zeros.txt": bytes(3_000_000)})
    data = source.read_bytes()
    assert data.count(struct.pack("<I", 3_000_000)) == 2
    source.write_bytes(data.replace(struct.pack("<I", 3_000_000), struct.pack("<I", 10)))
    assert "assets/zeros.txt: cannot be read" in refusal(source)


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_STORED) as archive:
        for name, data in GOOD.items():
            archive.writestr(name, data)
    data = (tmp_path / "c.zip").read_bytes()
    (tmp_path / "c.zip").write_bytes(data.replace(b"# Welcome", b"# Welcame", 1))
    assert "01-start/01-welcome/lesson.md: cannot be read" in refusal(tmp_path / "c.zip")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    source = pack(tmp_path / "c.zip", {})
    data = bytearray(source.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    source.write_bytes(data)
    assert "is protected with a password" in refusal(source)


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + bytes(200)])
def test_what_is_no_zip_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "c.zip").write_bytes(data)
    assert "is not a zip file, or is damaged" in refusal(tmp_path / "c.zip")
