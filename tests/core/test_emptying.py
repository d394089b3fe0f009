"""What the tests themselves rest on: nothing of one test reaches the next."""

from threading import Event, Thread

from sqlalchemy import text

from lms.core.db import db
from tests.support import server, tables

WRITE = text(
    "insert into analytics_changes (course_id, kind) select 1, 'graded' where pg_sleep(0.3) is not null"
)
LEFT = text("select count(*) from analytics_changes")


def test_what_a_running_system_still_writes_is_gone_too(app, monkeypatch):
    monkeypatch.setattr(server, "AWAKE", {None})
    began = Event()

    def write() -> None:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text("lock table analytics_changes in row exclusive mode"))
            began.set()
            connection.execute(WRITE)

    writer = Thread(target=write)
    writer.start()
    assert began.wait(10)
    tables.empty(app)
    writer.join()
    with app.app_context():
        assert db.session.scalar(LEFT) == 0
