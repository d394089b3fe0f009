"""The catalogue of a very large school: what each kind of search costs, one request after the other.

make bench ARGS="--part catalogue"
"""

import time
from urllib.parse import urlencode

from flask import Flask

from benchmarks import installation, shelf
from benchmarks.measure import timing
from config import Settings
from lms.app import create_app

GOAL_MS = 40.0

PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("newest, first page", {}),
    ("newest, page 500", {"page": "500"}),
    ("a subject", {"category": "Music"}),
    ("three filters", {"category": "Music", "level": "advanced", "language": "ar"}),
    ("a subject, page 150", {"category": "Music", "page": "150"}),
    ("a tag", {"tag": "gardens"}),
    ("a tag, by best match of a word", {"tag": "gardens", "q": shelf.COMMON}),
    ("most learners", {"sort": "learners"}),
    ("best rated", {"sort": "rating"}),
    ("by title", {"sort": "title"}),
    ("a rare word", {"q": shelf.RARE}),
    ("a word of every 30th title", {"q": "gardens"}),
    ("a word of every third course", {"q": shelf.COMMON}),
    ("the same, page 400", {"q": shelf.COMMON, "page": "400"}),
    ("the same, with three filters", {"q": shelf.COMMON, "category": "Music", "level": "advanced", "language": "en"}),
    ("three words", {"q": "history of python"}),
    ("the beginning of a word", {"q": "stat"}),
    ("an instructor", {"q": "amina abara"}),
    ("a lesson", {"q": shelf.LESSON}),
    ("a word of every third course's lessons", {"q": "outdoors"}),
    ("a phrase", {"q": '"history of python"'}),
    ("a phrase of every third course", {"q": '"plan your week"'}),
    ("a typo", {"q": shelf.TYPO}),
    ("two typos", {"q": "galculus introdcution"}),
    ("nothing at all", {"q": "xyzzyq"}),
)  # fmt: skip


def run(courses: int) -> int:
    """Measure and print; returns how many kinds of page missed the goal."""
    with installation.installed() as servers:
        began = time.perf_counter()
        shelf.load(servers.database_url, courses)
        print(f"loaded {courses:,} courses in {time.perf_counter() - began:.0f} s")
        return measure(create_app(Settings.from_env(servers.environment)))


def measure(app: Flask) -> int:
    """Every page a hundred times, in this process."""
    print(f"\n{'':40}{'SQL':>4}{'SQL ms':>9}{'p50 ms':>9}{'p99 ms':>9}   found")
    missed = 0
    for name, query in PAGES:
        line = timing(app, "/courses?" + urlencode(query))
        missed += line.p99 > GOAL_MS
        verdict = "" if line.p99 <= GOAL_MS else f"   over {GOAL_MS:.0f} ms"
        print(
            f"{name:40}{line.statements:>4}{line.sql:>9.1f}{line.p50:>9.1f}{line.p99:>9.1f}   {_found(line.text)}{verdict}"
        )
    return missed


def _found(text: str) -> str:
    return text.partition('role="status">')[2].partition("</p>")[0].strip()
