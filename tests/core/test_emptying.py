"""What the tests themselves rest on: nothing of one test reaches the next."""

from threading import Event, Thread

from sqlalchemy import text

from lms.core.db import db
from tests.support import server, tables

WRITE = text("insert into analytics_changes (course_id, kind) values (1, 'graded')")
WAITED_FOR = text("""
    select exists (select from pg_locks where not granted
                      and database = (select oid from pg_database where datname = current_database()))
""")
LEFT = text("select count(*) from analytics_changes")


def test_what_a_running_system_still_writes_is_gone_too(app, monkeypatch):
    monkeypatch.setattr(server, "AWAKE", {None})
    wrote, emptied = Event(), Event()

    def write() -> None:
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(WRITE)
            wrote.set()
            while not (emptied.wait(0.01) or connection.scalar(WAITED_FOR)):
                pass

    writer = Thread(target=write)
    writer.start()
    assert wrote.wait(10)
    tables.empty(app)
    emptied.set()
    writer.join()
    with app.app_context():
        assert db.session.scalar(LEFT) == 0
