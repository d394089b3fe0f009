"""Looking at, and changing, what is stored about webhooks."""

from sqlalchemy import select

from lms.core import work
from lms.core.db import db
from lms.webhooks.models import WebhookEndpoint


def rows(app, model):
    with app.app_context():
        return list(db.session.scalars(select(model).order_by(model.id)))


def endpoint(app):
    return rows(app, WebhookEndpoint)[0]


def change(app, statement):
    with app.app_context(), work.unit():
        db.session.execute(statement)
