"""One transaction a request; below 400 it is kept, else nothing of it."""

import pytest
from sqlalchemy import select, text, update

from lms.accounts.models import SignInFailure
from lms.core import work
from lms.core.db import db, is_in_transaction, read
from lms.core.jobs import job
from tests.factories import NOW


def note(email):
    db.session.add(SignInFailure(email=email, at=NOW))


def notes(app):
    with app.app_context():
        return set(db.session.scalars(select(SignInFailure.email)))


@pytest.fixture
def answering(app, monkeypatch):
    """Let a page change something and then answer as it is told."""

    def set_view(answer):
        def view():
            note("kept")
            return answer()

        monkeypatch.setitem(app.view_functions, "accounts.sign_in", view)

    return set_view


@pytest.mark.parametrize(
    ("status", "kept"), [(200, {"kept"}), (303, {"kept"}), (422, set()), (404, set()), (500, set())]
)
def test_what_a_request_changed_is_kept_below_400(app, client, answering, status, kept):
    answering(lambda: ("", status))
    assert client.get("/sign-in").status_code == status
    assert notes(app) == kept


def test_a_request_that_breaks_changes_nothing(app, client, answering):
    def breaks():
        raise LookupError

    answering(breaks)
    assert client.get("/sign-in").status_code == 500
    assert notes(app) == set()


def test_an_outcome_may_be_kept_although_the_answer_is_422(app, client, answering):
    def keeps():
        work.keep()
        return "", 422

    answering(keeps)
    assert client.get("/sign-in").status_code == 422
    assert notes(app) == {"kept"}


def test_a_change_the_database_refuses_is_an_error_page_and_no_change(app, client, answering):
    def contradicts():
        db.session.add(SignInFailure(email=None, at=NOW))
        return "fine"

    answering(contradicts)
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "Nothing was changed" in answer.text
    assert notes(app) == set()


def test_a_page_that_only_reads_opens_no_transaction(app):
    with app.app_context(), work.unit():
        read(select(SignInFailure.email)).all()
        assert not is_in_transaction(db.session.connection())
        db.session.execute(select(SignInFailure.email)).all()
        assert is_in_transaction(db.session.connection())


def test_a_unit_with_one_view_of_everything_keeps_it_after_pages_were_read(app):
    with app.app_context():
        with work.unit():
            read(select(SignInFailure.email)).all()
        with work.unit():
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            read(select(SignInFailure.email)).all()
            assert db.session.execute(text("show transaction_isolation")).scalar_one() == "repeatable read"
            assert is_in_transaction(db.session.connection())


def test_what_is_changed_after_reading_is_still_one_transaction(app):
    with app.app_context():
        with pytest.raises(LookupError), work.unit():
            read(select(SignInFailure.email)).all()
            note("half done")
            db.session.flush()
            assert read(select(SignInFailure.email)).all() == [("half done",)]
            raise LookupError
        with work.unit():
            note("whole")
    assert notes(app) == {"whole"}


OPENED = work.Note(update(SignInFailure).values(email="opened"))


def durability():
    return db.session.execute(text("show synchronous_commit")).scalar_one()


def test_a_note_stays_though_the_request_fails_later(app):
    with app.app_context():
        with work.unit():
            note("kept")
        with pytest.raises(LookupError), work.unit():
            OPENED.write()
            note("half done")
            db.session.flush()
            raise LookupError
    assert notes(app) == {"opened"}


def test_a_note_among_changes_belongs_to_them_and_is_as_safe(app):
    with app.app_context():
        with work.unit():
            note("kept")
        with pytest.raises(LookupError), work.unit():
            db.session.execute(text("set local synchronous_commit = 'local'"))
            OPENED.write()
            assert durability() == "local"
            raise LookupError
    assert notes(app) == {"kept"}


def test_what_comes_after_a_note_waits_for_the_disk_again(app):
    with app.app_context(), work.unit():
        db.engine.dispose()  # from here on there is one connection, and it is the same
        db.session.execute(text("set synchronous_commit = 'local'"))
        db.session.commit()
        OPENED.write()
        assert durability() == "local"
        db.session.execute(text("reset synchronous_commit"))


def test_a_unit_is_kept_whole_or_not_at_all(app):
    with app.app_context():
        with work.unit():
            note("first")
        with pytest.raises(LookupError), work.unit():
            note("second")
            raise LookupError
        with work.unit():
            note("third")
    assert notes(app) == {"first", "third"}


def test_an_attempt_that_is_not_claimed_does_nothing(app):
    with app.app_context():
        work.attempt(lambda: None, lambda claimed: note("done"), lambda claimed, error: note("put off"))
    assert notes(app) == set()


def test_an_attempt_that_fails_is_put_off_and_seen_to_fail(app):
    def breaks(claimed):
        with work.unit():
            note("half done")
            raise LookupError(claimed)

    def postpone(claimed, error):
        note(f"{claimed} put off: {error}")

    with app.app_context(), pytest.raises(LookupError):
        work.attempt(lambda: "work", breaks, postpone)
    assert notes(app) == {"work put off: work"}


@job("tests.own_units", own_units=True)
def own_units() -> None:
    with work.unit():
        note("before")
    raise LookupError


def test_a_job_with_its_own_units_keeps_what_it_finished(app, run_jobs):
    from lms.core import jobs

    with app.app_context():
        jobs.enqueue(own_units)
    run_jobs()
    assert notes(app) == {"before"}
