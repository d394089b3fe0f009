"""What a quiz's attempts say of its questions: a page for those who teach, and its tables as files."""

from typing import Any

from flask import Blueprint, Response, abort, request
from sqlalchemy import Row

from lms.core import charts, csv_file, web
from lms.core.access import found, signed_in_viewer, teachers_only
from lms.quizzes import statistics_queries as queries
from lms.quizzes import statistics_tables as tables
from lms.quizzes.statistics_hints import ROUGH_BELOW
from lms.quizzes.statistics_report import report

bp = Blueprint("quiz_statistics", __name__)


def _quiz(slug: str, quiz_id: int) -> Row[Any]:
    person = signed_in_viewer()
    return found(queries.quiz_for_staff(slug, quiz_id, user_id=person.id, is_admin=person.is_admin))


def _which() -> queries.Which:
    asked = request.args.get("attempts", "first")
    return asked if asked in queries.WHICH else abort(404)


@bp.get("/teaching/<slug>/quizzes/<int(max=9223372036854775807):quiz_id>/statistics")
@teachers_only
def show(slug: str, quiz_id: int) -> Response:
    """Figures, charts and hints, over the attempts that were chosen."""
    quiz, which = _quiz(slug, quiz_id), _which()
    return web.render(
        "quizzes/statistics.html",
        quiz=quiz,
        report=report(quiz.id, which),
        rough_below=ROUGH_BELOW,
        share=charts.share,
    )


@bp.get(
    "/teaching/<slug>/quizzes/<int(max=9223372036854775807):quiz_id>/statistics/<any(questions, answers, scores):table>.csv"
)
@teachers_only
def download(slug: str, quiz_id: int, table: str) -> Response:
    """One table of the page as a file."""
    quiz, which = _quiz(slug, quiz_id), _which()
    heads, rows = tables.TABLES[table](report(quiz.id, which))
    return csv_file.answer(f"{quiz.slug}-{table}.csv", [str(head) for head in heads], rows)
