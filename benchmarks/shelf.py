"""Fills an empty database with many published courses, as varied in their words as a large catalogue is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

import psycopg

TEACHERS = 2_000
SUBJECTS = (
    "Computing", "Science", "Mathematics", "Languages", "History", "Music", "Health", "Business", "Design", "Crafts",
    "Cooking", "Law", "Psychology", "Engineering", "Writing", "Photography", "Gardening", "Economics", "Film", "Sport",
)  # fmt: skip
TOPICS = (
    "Python", "statistics", "databases", "gardens", "networks", "melodies", "proofs", "rivers", "markets", "bread",
    "sentences", "machines", "JavaScript", "chemistry", "portraits", "contracts", "nutrition", "genetics", "Arabic",
    "Spanish", "algebra", "calculus", "robotics", "sensors", "marketing", "accounting", "poetry", "typography",
    "sculpture", "woodwork", "ceramics", "astronomy", "climate", "ecology", "memory", "sleep", "negotiation",
    "logistics", "electronics", "cryptography", "compilers", "graphics", "animation", "harmony", "rhythm", "archives",
    "migration", "cities", "bridges", "engines", "textiles", "fermentation", "anatomy", "first aid", "ethics",
)  # fmt: skip
FORMS = (
    "An introduction to {0}", "{0} for beginners", "Advanced {0}", "{0} in practice", "The history of {0}",
    "{0} and {1}", "Learning {0} step by step", "A short course on {0}", "Teaching {0}", "{0}: from theory to {1}",
    "Understanding {0}", "The craft of {0}", "{0} at work", "A year of {0}", "Questions about {0}",
)  # fmt: skip
LANGUAGES = ("en",) * 14 + ("de", "es", "fr", "ar", "pt", "hi")
LEVELS = ("beginner", "beginner", "intermediate", "advanced")
COLUMNS = (
    "slug", "title", "summary", "description", "description_html", "category", "level", "language", "license",
    "source_url", "authors", "tags", "access", "certificate", "state", "published_at", "owner_id", "lesson_count",
    "minutes", "enrollment_count", "rating_count", "rating_average", "contents",
)  # fmt: skip
LESSONS = (
    "Welcome", "What {0} is", "First steps with {0}", "Exercises", "{0} and {1}", "Common mistakes", "A look at {1}",
    "How others do it", "{0} outdoors", "Questions about {1}", "Your own project", "What comes next", "Tools for {0}",
    "A day with {1}", "Reading about {0}", "{0} a hundred years ago", "Checklist", "An interview", "Safety", "Glossary",
    "What {1} has to do with it", "{0} on a small budget", "Measuring", "Plan your week", "{0} in pictures", "Summary",
    "Myths about {0}", "Where to look things up", "Looking back", "Ask the teacher", "{1} for comparison", "Homework",
    "Case study", "Words to know", "{0} together", "Test yourself",
)  # fmt: skip
MODULES = ("Begin", "Go deeper into {0}", "On your own")

RARE = "quokka"
"""A word of one course in ten thousand."""
COMMON = "practice"
"""A word of every third course."""
TYPO = "pyhton"
LESSON = "Measure soil moisture"
"""The title of a lesson in one course of five thousand."""


def load(url: str, courses: int) -> int:
    """Teachers and courses in one transaction, then statistics as autovacuum would gather them."""
    with psycopg.connect(url) as connection:
        connection.execute(_TEACHERS, {"teachers": TEACHERS})
        owners = [row[0] for row in connection.execute("select id from users order by id")]
        with connection.cursor().copy(f"copy courses ({', '.join(COLUMNS)}) from stdin") as copy:
            for row in _courses(courses, owners):
                copy.write_row(row)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    return courses


_TEACHERS = """
    insert into users (email, name, password_hash, role, is_active, is_verified_instructor, bio, language, time_zone)
    select format('teacher%%s@example.org', n),
           (array['Amina','Ben','Chloé','Dmitri','Elif','Farid','Grace','Hiro','Inês','Jonas'])[1 + n %% 10] || ' ' ||
           (array[
                'Abara','Brandt','Costa','Dubois','Eriksen','Farouk','Gupta','Haddad','Ivanova','Jansen'
           ])[1 + n / 10 %% 10],
           '!', 'instructor', true, true, '', 'en', 'UTC'
      from generate_series(1, %(teachers)s) n
"""


def _courses(number: int, owners: list[int]) -> Iterator[tuple[Any, ...]]:
    chance, words = Random(7), _vocabulary()
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(words))))
    newest = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
    for n in range(1, number + 1):
        topic, other = chance.sample(TOPICS, 2)
        title = chance.choice(FORMS).format(topic, other)
        text = chance.choices(words, cum_weights=weights, k=120)
        if n % 3 == 0:
            text[40] = COMMON
        if n % 10_000 == 1:
            text[50] = RARE
        summary = f"What one needs to know of {topic} to begin: {' '.join(text[:12])}."
        learners = int(chance.paretovariate(0.8)) % 50_000
        ratings = learners // 8
        yield (
            f"course-{n}", title[0].upper() + title[1:], summary, " ".join(text), f"<p>{' '.join(text)}</p>",
            chance.choice(SUBJECTS), chance.choice(LEVELS), chance.choice(LANGUAGES), "CC BY 4.0", "", ["A. Author"],
            sorted({topic.lower(), *chance.choices(words, cum_weights=weights, k=2)}), "open", True, "published",
            newest - timedelta(minutes=n * 7), chance.choice(owners), 12, 300, learners, ratings,
            round(chance.triangular(2, 5, 4.4), 2) if ratings else 0.0, _contents(n, topic, other),
        )  # fmt: skip


def _contents(n: int, topic: str, other: str) -> str:
    """What the triggers would make of its modules and lessons, which nothing else here is asked of."""
    lessons = [title.format(topic, other) for title in Random(n).sample(LESSONS, 12)]
    if n % 5_000 == 1:
        lessons[5] = LESSON
    return json.dumps({"lessons": lessons, "modules": [title.format(topic) for title in MODULES]})


def _vocabulary() -> list[str]:
    """8,000 words that nobody speaks but all can be pronounced."""
    chance = Random(11)
    heads, middles, ends = (
        ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v"],
        ["a", "e", "i", "o", "u", "ai", "ea", "oo"],
        ["n", "r", "l", "s", "t", "nd", "rt", "st"],
    )
    found = dict.fromkeys(
        "".join(chance.choice(heads) + chance.choice(middles) for _ in range(chance.randint(1, 3)))
        + chance.choice(ends)
        for _ in range(14_000)
    )
    return list(found)[:8_000]
