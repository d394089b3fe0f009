"""The application: its modules, who hears of which event, and what runs when."""

from functools import lru_cache

import sentry_sdk
from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import Settings
from lms.accounts import cli as accounts_cli
from lms.accounts import jobs as account_jobs
from lms.accounts import sessions, view_as
from lms.accounts.views import routes as accounts
from lms.admin import jobs as admin_jobs
from lms.admin.views import routes as admin
from lms.analytics import cli as analytics_cli
from lms.analytics import jobs as analytics_jobs
from lms.analytics.views import routes as analytics
from lms.api import cookieless
from lms.api.views import routes as api
from lms.assignments import jobs as assignment_jobs
from lms.assignments.views import routes as assignments
from lms.calendars import views as calendars
from lms.certificates import cli as certificates_cli
from lms.certificates import jobs as certificate_jobs
from lms.certificates.views import routes as certificates
from lms.core import (
    access,
    assets,
    compression,
    errors,
    events,
    faults,
    i18n,
    icons,
    jobs,
    sameness,
    security,
    static,
    web,
    work,
)
from lms.core.db import db
from lms.courses import moved
from lms.courses import views as courses
from lms.discussions import announcement_views as announcements
from lms.discussions import jobs as discussion_jobs
from lms.discussions import views as discussions
from lms.files import jobs as file_jobs
from lms.files import storage
from lms.files import views as files
from lms.gradebook.views import routes as gradebook
from lms.help import views as help_pages
from lms.interop import cli as interop_cli
from lms.interop import views as interop
from lms.interop import views_questions as question_files
from lms.learning import jobs as learning_jobs
from lms.learning import review_views as reviews
from lms.learning import views as learning
from lms.library import upload_views as library
from lms.notifications import jobs as notification_jobs
from lms.notifications import views as notifications
from lms.ops import cli as ops_cli
from lms.ops import jobs as ops_jobs
from lms.ops import logs, metrics, sentry, slow
from lms.ops import machine_views as machine
from lms.ops import views as ops
from lms.quizzes import aside_views as asides
from lms.quizzes import jobs as quiz_jobs
from lms.quizzes import marking_views as marking
from lms.quizzes import staff_views as sittings
from lms.quizzes import statistics_views as quiz_statistics
from lms.quizzes import views as quizzes
from lms.studio import jobs as studio_jobs
from lms.studio.views import routes as studio
from lms.webhooks import jobs as webhook_jobs
from lms.webhooks import views as webhooks

MODULES = (
    accounts.bp,
    files.bp,
    courses.bp,
    learning.bp,
    reviews.bp,
    quizzes.bp,
    marking.bp,
    quiz_statistics.bp,
    sittings.bp,
    asides.bp,
    assignments.bp,
    gradebook.bp,
    certificates.bp,
    interop.bp,
    question_files.bp,
    library.bp,
    calendars.bp,
    help_pages.bp,
    studio.bp,
    announcements.bp,
    discussions.bp,
    notifications.bp,
    webhooks.bp,
    api.bp,
    api.pages,
    ops.bp,
    machine.bp,
    admin.bp,
    admin.membership,
    analytics.bp,
)

COMMANDS = (accounts_cli.group, analytics_cli.group, certificates_cli.group, interop_cli.group, ops_cli.group)

SUBSCRIBERS: events.Subscribers = {
    "user.registered": (notification_jobs.welcome, webhook_jobs.fan_out),
    "address.confirmed": (notification_jobs.enter_courses,),
    "verification.requested": (notification_jobs.verification,),
    "password_reset.asked": (account_jobs.start_reset,),
    "password_reset.requested": (notification_jobs.password_reset,),
    "password.changed": (notification_jobs.password_changed,),
    "email_change.requested": (notification_jobs.email_change,),
    "sign_in_code.requested": (notification_jobs.sign_in_code,),
    "second_factor.changed": (notification_jobs.second_factor_changed,),
    "recovery_code.used": (notification_jobs.recovery_code_used,),
    "account.locked": (notification_jobs.lockout,),
    "enrollment.created": (notification_jobs.enrolled, webhook_jobs.fan_out),
    "enrollment.resumed": (notification_jobs.enrolled,),
    "enrollment.completed": (certificate_jobs.issue, webhook_jobs.fan_out),
    "certificate.issued": (certificate_jobs.make_pdf, webhook_jobs.fan_out),
    "certificate.renewed": (certificate_jobs.make_pdf,),
    "certificate.revoked": (webhook_jobs.fan_out,),
    "certificate.ready": (notification_jobs.certificate_ready,),
    "lesson.completed": (webhook_jobs.fan_out,),
    "quiz.submitted": (webhook_jobs.fan_out,),
    "announcement.published": (notification_jobs.announcement,),
    "discussion.asked": (notification_jobs.asked,),
    "discussion.replied": (notification_jobs.replied,),
    "discussion.reported": (notification_jobs.reported,),
    "quiz.graded": (notification_jobs.graded,),
    "assignment.graded": (notification_jobs.assignment_graded, webhook_jobs.fan_out),
    "assignment.returned": (notification_jobs.assignment_returned,),
    "assignment.regraded": (notification_jobs.assignment_regraded,),
    "quiz.regraded": (notification_jobs.regraded,),
    "webhook.switched_off": (notification_jobs.webhook_off,),
    "course.published": (webhook_jobs.fan_out,),
    "picture.replaced": (studio_jobs.redraw,),
    "upload.ended": (file_jobs.remove_pieces,),
    "course.handed_over": (notification_jobs.handed_over,),
    "instructor_application.decided": (notification_jobs.instructor_decision,),
}

SCHEDULE: tuple[tuple[jobs.Job, int], ...] = (
    (ops_jobs.sweep_events, 15),
    (ops_jobs.sweep_emails, 15),
    (ops_jobs.sweep_tasks, 30),
    (learning_jobs.follow_dates, 300),
    (discussion_jobs.publish_due, 30),
    (notification_jobs.remind, 900),
    (notification_jobs.send_digests, 300),
    (notification_jobs.forget_old, 86400),
    (webhook_jobs.sweep, 15),
    (webhook_jobs.forget, 3600),
    (quiz_jobs.close_overdue, 15),
    (ops_jobs.remove_expired, 3600),
    (admin_jobs.clean_up, 3600),
    (assignment_jobs.forget_drafted, 86400),
    (file_jobs.remove_orphans, 6 * 3600),
    (studio_jobs.purge_courses, 6 * 3600),
    (file_jobs.sweep_uploads, 3600),
    (analytics_jobs.refresh, 60),
)
"""What runs when: (job, seconds between runs)."""


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Reads settings only; connects to nothing."""
    settings = settings or Settings.from_env()
    app = Flask("lms", root_path=__file__.rsplit("/", 1)[0])
    app.config.update(_flask_config(settings), LECTERN=settings)
    app.jinja_environment = web.Environment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    if settings.sentry_dsn:
        sentry_sdk.init(
            settings.sentry_dsn,
            environment=settings.environment,
            release=settings.release or None,
            send_default_pii=False,
            include_local_variables=False,
            before_send=sentry.scrub,
        )

    work.init_app(app)
    compression.init_app(app)
    logs.init_app(app, settings)
    db.init_app(app)
    Migrate(app, db, directory="migrations")
    faults.init_app(app, settings.release)
    jobs.init_app(app, _redis(settings))
    events.init_app(app, SUBSCRIBERS)
    app.extensions["lectern-schedule"] = SCHEDULE
    storage.init_app(app, settings)
    security.init_app(app, settings)
    cookieless.init_app(app)
    sessions.init_app(app)
    view_as.init_app(app)
    moved.init_app(app)
    i18n.init_app(app)
    errors.init_app(app)
    # A page asks for fifty icons; only with FLASK_DEBUG may they change while it runs.
    kept = (lambda draw: draw) if settings.debug else lru_cache(maxsize=2000)
    app.jinja_env.globals.update(
        asset=kept(assets.asset),
        bundle=assets.bundle,
        draw_icon=kept(icons.icon),
        same=sameness.same,
        filled=sameness.filled,
        gap=sameness.GAP,
    )
    metrics.init_app(app)
    slow.init_app(app, settings.slow_query_ms)
    for blueprint in MODULES:
        app.register_blueprint(blueprint)
    for group in COMMANDS:
        app.cli.add_command(group)
    app.context_processor(lambda: _template_facts(settings))
    static.init_app(app, watch=settings.environment == "development")
    return app


def _template_facts(settings: Settings) -> dict[str, object]:
    return {
        "viewer": access.viewer(),
        "locale": i18n.locale(),
        "theme": i18n.theme(),
        "product_name": settings.product_name,
    }


def _redis(settings: Settings) -> Redis:
    """One lazy connection pool; a lost Redis is noticed in a second and never retried inside a request."""
    return Redis.from_url(
        settings.redis_url, socket_connect_timeout=1, socket_timeout=5, retry=Retry(NoBackoff(), 0)
    )


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "DEBUG": settings.debug,
        "TESTING": settings.environment == "test",
        "PROPAGATE_EXCEPTIONS": False,
        "TEMPLATES_AUTO_RELOAD": settings.environment == "development",
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.database_pool,
            "max_overflow": 4,
            "pool_timeout": 10,
            "pool_recycle": 1800,
            # What somebody typed stands in no log and no reason of a failure.
            "hide_parameters": True,
            "connect_args": {
                "application_name": "lectern",
                "connect_timeout": 5,
                # A pooler lends another connection for each transaction; statements prepared on one are unknown there.
                **({"prepare_threshold": None} if settings.database_pooler == "transaction" else {}),
            },
        },
    }
