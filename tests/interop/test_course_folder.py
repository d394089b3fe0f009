"""Reading a course folder: what is taken, and that everything wrong is said at once."""

# A row per fault reads better than the same wrapped.
# ruff: noqa: E501

import zipfile
from pathlib import Path

import pytest
from PIL import Image

from lms.interop.course_folder.model import Limits, Reading
from lms.interop.course_folder.reader import read
from lms.interop.course_folder.rendering import render_course

LESSON = "01-start/01-welcome"
GIFT = "What is 1 + 1? {=2 ~3}\n"


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A small course in good order."""
    root = write(
        tmp_path / "course",
        {
            "course.md": "---\ntitle: Knots\nlanguage: en\n---\n\nTie them well.\n",
            "01-start/module.md": "# Start\n\nWelcome.\n",
            f"{LESSON}/lesson.md": "# Welcome\n\n![A bowline](../../assets/bowline.png) [more](more.md#rope)\n",
            f"{LESSON}/more.md": "# More\n\n## Rope\n\nBack to [the lesson](lesson.md) or [start](../module.md).\n",
            f"{LESSON}/warm-up.gift": GIFT,
            f"{LESSON}/assignment.md": "# Tie one\n\nDo it.\n\n## Rubric\n\n| Criteria | Good |\n|--|--|\n| Neat | Yes |\n",
        },
    )
    (root / "assets").mkdir()
    Image.new("RGB", (40, 20)).save(root / "assets/bowline.png")
    return root


def said(source: Path, limits: Limits | None = None) -> list[str]:
    """Every problem, of the files and of their references, as the author reads it."""
    with read(source, limits or Limits()) as reading:
        found = [str(problem) for problem in reading.problems]
        if reading.course:
            found += [str(p) for p in render_course(reading.course, "/courses/knots").problems]
    return found


def zipped(folder: Path, target: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, prefix + path.relative_to(folder).as_posix())
    return target


def everything(reading: Reading) -> object:
    assert reading.ok, reading.problems
    return reading.course


def test_a_course_in_good_order_has_no_problem(course: Path) -> None:
    assert said(course) == []
    with read(course) as reading:
        (module,) = reading.course.modules
        (lesson,) = module.lessons
        assert (module.slug, module.title) == ("start", "Start")
        assert (lesson.id, lesson.slug, lesson.title) == ("start/welcome", "welcome", "Welcome")
        assert [(p.slug, p.title) for p in lesson.pages] == [("more", "More")]
        assert [(q.title, len(q.questions)) for q in lesson.quizzes] == [("Warm-up quiz", 1)]
        (brief,) = lesson.assignments
        assert brief.rubric and brief.rubric.levels == ("Good",) and "Rubric" not in brief.body
        (picture,) = reading.course.assets
        assert (picture.width, picture.height, picture.media_type) == (40, 20, "image/png")
        with picture.open() as stream:
            assert stream.read() == (course / "assets/bowline.png").read_bytes()


def test_links_lead_to_the_pages_of_the_course(course: Path) -> None:
    with read(course) as reading:
        rendered = render_course(reading.course, "/courses/knots")
        lesson, more = rendered.texts[f"{LESSON}/lesson.md"], rendered.texts[f"{LESSON}/more.md"]
        assert (
            'src="/courses/knots/assets/assets/bowline.png" alt="A bowline" width="40" height="20"'
            in lesson.html
        )
        assert 'href="/courses/knots/lessons/welcome/more#s-rope"' in lesson.html
        assert 'href="/courses/knots/lessons/welcome"' in more.html
        assert 'href="/courses/knots#module-start"' in more.html
        assert (
            rendered.links.url(f"{LESSON}/warm-up.gift") == "/courses/knots/lessons/welcome/quizzes/warm-up"
        )
        assert rendered.links.url(f"{LESSON}/assignment.md") == "/courses/knots/lessons/welcome/assignment"


@pytest.mark.parametrize("prefix", ["", "knots/"])
def test_a_zip_is_the_same_course(course: Path, tmp_path: Path, prefix: str) -> None:
    with read(course) as folder, read(zipped(course, tmp_path / "c.zip", prefix)) as archive:
        assert everything(folder) == everything(archive)


def test_renumbering_changes_no_identity(course: Path) -> None:
    with read(course) as reading:
        before = reading.course.lessons[0]
    (course / "01-start/01-welcome").rename(course / "01-start/07-welcome")
    (course / "01-start").rename(course / "3-start")
    with read(course) as reading:
        after = reading.course.lessons[0]
    assert (after.id, after.slug, after.quizzes[0].id) == (before.id, before.slug, before.quizzes[0].id)


def test_settings_come_from_front_matter(course: Path) -> None:
    head = (
        "---\nid: hello\nduration: 1 h 30 min\npreview: true\nrelease:\n  date: 2030-01-02\nquizzes:\n"
        "  - file: warm-up.gift\n    title: Warm up\n    kind: graded\n    passing_score: 60\n    max_attempts: 2\n"
        "    required: true\nassignments:\n  - file: assignment.md\n    max_points: 50\n---\n# Welcome\n"
    )
    write(course, {f"{LESSON}/lesson.md": head})
    with read(course) as reading:
        assert reading.problems == ()
        (lesson,) = reading.course.lessons
    quiz, brief = lesson.quizzes[0], lesson.assignments[0]
    assert (lesson.id, lesson.duration_minutes, lesson.preview) == ("hello", 90, True)
    assert lesson.release == {"date": "2030-01-02"}
    assert (quiz.title, quiz.mode, quiz.passing_score, quiz.max_attempts, quiz.required) == (
        "Warm up", "graded", 60, 2, True,
    )  # fmt: skip
    assert (quiz.id, brief.max_points) == ("hello/warm-up", 50)


def test_lessons_in_other_scripts_and_of_one_name_have_usable_addresses(course: Path) -> None:
    write(
        course,
        {
            "02-next/module.md": "# الوحدة\n",
            "02-next/01-welcome/lesson.md": "# Again\n",
            "02-next/02-الدرس/lesson.md": "# الدرس الثاني\n",
        },
    )
    assert said(course) == []
    with read(course) as reading:
        slugs = [lesson.slug for lesson in reading.course.lessons]
        assert slugs[:2] == ["welcome", "welcome-2"]
        assert slugs[2].startswith("lesson-") and slugs[2].isascii()
        assert reading.course.lessons[2].id == "next/الدرس"


BROKEN: dict[str, tuple[dict[str, str | bytes], str]] = {
    "bad front matter": (
        {"course.md": "---\ntitle: Knots: a course\n---\n"},
        "error: course.md:2: the front matter is not valid YAML: a value with a colon needs quotes, and fields of one group begin in the same column",
    ),
    "open front matter": ({f"{LESSON}/lesson.md": "---\nid: x\n"}, f"error: {LESSON}/lesson.md:1: the block opened"),
    "doubled field": ({"course.md": "---\ntitle: Abc\ntitle: Def\n---\n"}, "error: course.md:3: `title` stands"),
    "alias": ({"course.md": "---\na: &a [x]\ntitle: *a\n---\n"}, "error: course.md:3: YAML aliases"),
    "no title": ({"course.md": "text\n"}, "error: course.md: needs a `title:`"),
    "lesson without title": ({f"{LESSON}/lesson.md": "text\n"}, f'warning: {LESSON}/lesson.md: has no title, so it is called "Welcome"'),
    "unknown field": ({"course.md": "---\ntitle: Knots\nprice: 3\n---\n"}, "warning: course.md:3: the field `price`"),
    "bad level": ({"course.md": "---\ntitle: Knots\nlevel: hard\n---\n"}, "error: course.md:3: `level` must be one of"),
    "bad number": (
        {f"{LESSON}/lesson.md": "---\nquizzes:\n  - file: warm-up.gift\n    passing_score: most\n---\n# W\n"},
        f"error: {LESSON}/lesson.md:4: `passing_score` must be a number from 0 to 100",
    ),
    "listed quiz missing": (
        {f"{LESSON}/lesson.md": "---\nquizzes:\n  - file: gone.gift\n---\n# W\n"},
        f"error: {LESSON}/lesson.md:3: `file` names gone.gift",
    ),
    "missing image": (
        {f"{LESSON}/lesson.md": "---\nid: w\n---\n# W\n\n![x](../../assets/gone.png)\n"},
        f"error: {LESSON}/lesson.md:6: the image ../../assets/gone.png is not in the course",
    ),
    "missing page": ({f"{LESSON}/more.md": "# M\n[x](gone.md)\n"}, f"error: {LESSON}/more.md:2: the file gone.md is not"),
    "missing anchor": ({f"{LESSON}/more.md": "# M\n"}, f"warning: {LESSON}/lesson.md:3: links to more.md#rope"),
    "wrong case": (
        {f"{LESSON}/lesson.md": "# W\n![x](../../assets/Bowline.PNG)\n"},
        f"warning: {LESSON}/lesson.md:2: links to ../../assets/Bowline.PNG, but the file is called assets/bowline.png",
    ),
    "outside": (
        {f"{LESSON}/lesson.md": "# W\n[x](../../../../etc/passwd)\n"},
        f"warning: {LESSON}/lesson.md:2: links to ../../../../etc/passwd, which lies outside",
    ),
    "no alt": ({f"{LESSON}/lesson.md": "# W\n![](../../assets/bowline.png)\n"}, f"warning: {LESSON}/lesson.md:2: the image"),
    "gift item": (
        {f"{LESSON}/warm-up.gift": GIFT + "\nBad? {=2\n"},
        f"warning: {LESSON}/warm-up.gift:3: not taken",
    ),
    "gift without questions": ({f"{LESSON}/warm-up.gift": "// none\n"}, f"error: {LESSON}/warm-up.gift: has no question"),
    "unknown kind": ({"assets/setup.exe": b"MZ"}, "warning: assets/setup.exe: is not imported: .exe files"),
    "astray": ({"README.md": "# Read me\n"}, "warning: README.md: is not imported: it belongs to no lesson"),
    "empty module": ({"02-next/module.md": "# Next\n"}, "warning: 02-next: the module has no lessons"),
    "no module.md": ({"02-next/01-a/lesson.md": "# A\n"}, "warning: 02-next/module.md: is missing"),
    "lost lesson": ({"01-start/02-lost/text.md": "# A\n"}, "error: 01-start/02-lost: has no lesson.md"),
    "doubled id": ({"01-start/02-welcome/lesson.md": "# B\n"}, "error: 01-start/02-welcome/lesson.md: has the same id as"),
    "broken picture": ({"assets/cat.png": b"not a picture"}, "error: assets/cat.png: is not a readable PNG picture"),
    "windows text": ({f"{LESSON}/more.md": b"# Caf\xe9\n"}, f"error: {LESSON}/more.md:1: is not UTF-8 text (perhaps Windows"),
    "empty rubric": (
        {f"{LESSON}/assignment.md": "# A\n\n## Rubric\n\n| C | G |\n|--|--|\n| | |\n"},
        f"warning: {LESSON}/assignment.md: the rubric is empty",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_said_with_its_place(course: Path, name: str) -> None:
    files, expected = BROKEN[name]
    write(course, files)
    found = said(course)
    assert any(line.startswith(expected) for line in found), found
    with read(course) as reading:
        rendered_ok = reading.course is not None and render_course(reading.course, "/c").ok
        assert (reading.ok and rendered_ok) == (not any(line.startswith("error") for line in found))


def test_everything_wrong_is_said_in_one_pass(course: Path) -> None:
    write(
        course, {name: content for files, _ in list(BROKEN.values())[7:] for name, content in files.items()}
    )
    found = said(course)
    assert len(found) >= 10
    assert found[0].startswith("error")


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Limits(file=50), "is larger than the limit of 50 bytes"),
        (Limits(total=100), "the whole course is larger than the limit of 100 bytes"),
        (Limits(files=3), "holds more than 3 files"),
        (Limits(depth=2), "lies deeper than 2 folders"),
        (Limits(markdown=20), "a text file is larger than the limit of 20 bytes"),
    ],
)
def test_too_much_is_refused(course: Path, limits: Limits, expected: str) -> None:
    with read(course, limits) as reading:
        assert not reading.ok
    assert any(expected in line for line in said(course, limits))


def test_links_of_the_file_system_are_not_followed(course: Path) -> None:
    (course / "assets/passwd.txt").symlink_to("/etc/passwd")
    (course / "assets/etc").symlink_to("/etc")
    found = said(course)
    assert found == [
        f"error: assets/{name}: is a symbolic link; put the file itself there"
        for name in ("etc", "passwd.txt")
    ]


def test_no_folder_at_all(tmp_path: Path) -> None:
    assert said(tmp_path / "nothing") == ["error: there is no file or folder nothing"]
    assert said(tmp_path) == [
        "error: course.md: there is no course.md; put it at the top of the folder, with at least a `title:`"
    ]
