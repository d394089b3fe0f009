"""What a quiz's attempts say of its questions: a page for those who teach, and its tables as files."""

from flask import Blueprint, Response, abort, request

from lms.core import charts, csv_file, web
from lms.core.access import teachers_only
from lms.quizzes import statistics_queries as queries
from lms.quizzes import statistics_tables as tables
from lms.quizzes.staff_views import QUIZ, quiz_to_show
from lms.quizzes.statistics_hints import ROUGH_BELOW
from lms.quizzes.statistics_report import report

bp = Blueprint("quiz_statistics", __name__)


def _which() -> queries.Which:
    asked = request.args.get("attempts", "first")
    return asked if asked in queries.WHICH else abort(404)


@bp.get(f"{QUIZ}/statistics")
@teachers_only
def show(slug: str, quiz_id: int) -> Response:
    """Figures, charts and hints, over the attempts that were chosen."""
    quiz, which = quiz_to_show(slug, quiz_id), _which()
    return web.render(
        "quizzes/statistics.html",
        quiz=quiz,
        report=report(quiz.id, which),
        rough_below=ROUGH_BELOW,
        share=charts.share,
    )


@bp.get(f"{QUIZ}/statistics/<any(questions, answers, scores):table>.csv")
@teachers_only
def download(slug: str, quiz_id: int, table: str) -> Response:
    """One table of the page as a file."""
    quiz, which = quiz_to_show(slug, quiz_id), _which()
    heads, rows = tables.TABLES[table](report(quiz.id, which))
    return csv_file.answer(f"{quiz.slug}-{table}.csv", [str(head) for head in heads], rows)
