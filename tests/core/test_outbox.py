"""Events reach each subscriber once, whatever is lost on the way."""

import threading
from datetime import timedelta

import pytest
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy import func, select

from lms.core import clock, events, jobs, work
from lms.core.db import db
from lms.core.jobs import job
from lms.core.models import Delivery, Event
from tests.support.outage import no_redis

heard: list[str] = []
trouble: list[Exception] = []


@job("tests.first", queue="progress")
def first(*, what: str) -> None:
    if trouble:
        raise trouble.pop()
    heard.append(f"first {what}")


@job("tests.second")
def second(*, what: str) -> None:
    heard.append(f"second {what}")


@pytest.fixture(autouse=True)
def subscribers(app):
    heard.clear()
    trouble.clear()
    kept = app.extensions["lectern-subscribers"]
    events.init_app(app, {"tea.ready": (first, second), "tea.cold": (first,)})
    yield
    events.init_app(app, kept)


def happen(app, name="tea.ready", what="cup"):
    with app.app_context(), work.unit():
        events.record(name, clock.now(), what=what)


def deliveries(app):
    with app.app_context():
        return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def sweep(app, **wait):
    with clock.stopped_at(clock.now() + timedelta(**wait)), app.app_context(), work.unit():
        return events.sweep(clock.now())


def test_every_subscriber_hears_of_an_event_once(app, run_jobs):
    happen(app)
    run_jobs()
    assert sorted(heard) == ["first cup", "second cup"]
    assert {row.state for row in deliveries(app)} == {"done"}


def test_what_was_rolled_back_never_happened(app, run_jobs):
    with pytest.raises(LookupError), app.app_context(), work.unit():
        events.record("tea.ready", clock.now(), what="cup")
        raise LookupError
    run_jobs()
    assert heard == []
    assert deliveries(app) == []
    with app.app_context():
        assert db.session.scalar(select(func.count(Event.id))) == 0


def test_a_request_that_is_refused_records_nothing(app, client, run_jobs, monkeypatch):
    def view():
        events.record("tea.ready", clock.now(), what="cup")
        return "no", 422

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", view)
    assert client.get("/sign-in").status_code == 422
    with app.app_context(), work.unit():
        events.record("nothing.heard", clock.now())
    run_jobs()
    assert heard == []


def test_nothing_is_enqueued_before_the_commit(app):
    with app.app_context(), work.unit():
        events.record("tea.ready", clock.now(), what="cup")
        assert app.extensions["lectern-redis"].keys() == []
    assert app.extensions["lectern-redis"].llen("rq:queue:progress") == 1


def test_a_thousand_at_once_are_sent_in_a_few_pieces_and_in_order(app, monkeypatch):
    sent, execute = [], Pipeline.execute
    monkeypatch.setattr(Pipeline, "execute", lambda self, *more: (sent.append(1), execute(self, *more))[1])
    with app.app_context(), work.unit():
        events.record_many("tea.cold", clock.now(), [{"what": str(number)} for number in range(1001)])
    assert len(sent) == 3
    monkeypatch.undo()
    queue = Queue("progress", connection=app.extensions["lectern-redis"])
    assert [waiting.args[0] for waiting in queue.jobs] == [row.id for row in deliveries(app)]
    queue.empty()


def test_a_delivery_that_was_enqueued_thrice_is_made_once(app, run_jobs):
    happen(app, "tea.cold")
    with app.app_context():
        for _ in range(2):
            jobs.enqueue_call("progress", events.deliver, 1)
    run_jobs()
    assert heard == ["first cup"]


def test_two_workers_at_the_same_moment_deliver_once(app):
    happen(app, "tea.cold")
    barrier = threading.Barrier(4)

    def worker():
        barrier.wait()
        events.deliver(1)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == ["first cup"]
    assert deliveries(app)[0].attempts == 1


def test_without_redis_the_change_is_kept_and_the_sweep_delivers_it(app, run_jobs, caplog):
    with no_redis(app):
        happen(app)
    assert "left to the sweep" in caplog.text
    assert sweep(app, seconds=10) == 0, "the first sweep leaves the queue some time"
    assert sweep(app, seconds=21) == 2
    run_jobs()
    assert sorted(heard) == ["first cup", "second cup"]


def test_without_redis_a_request_succeeds(app, client):
    def sends():
        events.record("tea.ready", clock.now(), what="cup")
        return "done"

    kept = app.view_functions["accounts.sign_in"]
    app.view_functions["accounts.sign_in"] = sends
    try:
        with no_redis(app):
            assert client.get("/sign-in").status_code == 200
    finally:
        app.view_functions["accounts.sign_in"] = kept
    assert len(deliveries(app)) == 2


def test_a_wiped_redis_loses_nothing(app, run_jobs):
    happen(app)
    app.extensions["lectern-redis"].flushall()
    sweep(app, seconds=30)
    run_jobs()
    assert len(heard) == 2


def test_sweeping_twice_does_not_fill_the_queue_twice(app):
    happen(app)
    assert sweep(app, seconds=30) == 2
    assert sweep(app, seconds=45) == 0
    assert sweep(app, minutes=3) == 2


def test_a_subscriber_that_fails_is_tried_again_and_its_reason_can_be_seen(app, run_jobs):
    trouble.append(LookupError("no cups"))
    happen(app)
    before = clock.now()
    run_jobs()
    failed, fine = deliveries(app)
    assert heard == ["second cup"], "the other subscriber is not held up"
    assert (failed.state, failed.attempts, failed.last_error) == ("pending", 1, "LookupError: no cups")
    assert timedelta(seconds=9) < failed.due_at - before < timedelta(seconds=12)
    assert fine.state == "done"
    assert app.extensions["lectern-redis"].zcard("rq:failed:progress") == 1
    sweep(app, seconds=15)
    run_jobs()
    assert sorted(heard) == ["first cup", "second cup"]
    assert deliveries(app)[0].last_error is None


def test_a_failure_leaves_none_of_the_subscribers_changes(app, run_jobs):
    @job("tests.half")
    def half(*, what: str) -> None:
        events.record("tea.cold", clock.now(), what="half")
        db.session.flush()
        raise LookupError("in the middle")

    events.init_app(app, {"tea.ready": (half,), "tea.cold": (first,)})
    happen(app)
    run_jobs()
    assert heard == []
    assert [row.state for row in deliveries(app)] == ["pending"]


def test_after_thirty_failures_it_is_given_up_and_stays_to_be_seen(app, run_jobs):
    happen(app, "tea.cold")
    with app.app_context(), work.unit():
        db.session.get(Delivery, 1).attempts = events.MOST_ATTEMPTS - 1
    trouble.append(LookupError("still no cups"))
    run_jobs()
    (row,) = deliveries(app)
    assert (row.state, row.last_error) == ("failed", "LookupError: still no cups")
    assert sweep(app, days=30) == 0


def test_a_worker_that_lost_its_lease_changes_nothing(app, run_jobs):
    """It was slow; another took over meanwhile and is done. The slow one's changes are rolled back."""
    happen(app, "tea.cold")

    @job("tests.slow")
    def slow(*, what: str) -> None:
        events.record("tea.ready", clock.now(), what="from the slow one")
        if not heard:
            heard.append("taken over")
            with clock.stopped_at(clock.now() + events.LEASE * 2):
                other = threading.Thread(target=events.deliver, args=(1,))
                other.start()
                other.join()

    with app.app_context(), work.unit():
        db.session.get(Delivery, 1).subscriber = slow.name
    with pytest.raises(RuntimeError, match="taken over"):
        events.deliver(1)
    with app.app_context():
        assert db.session.scalar(select(func.count(Event.id)).where(Event.name == "tea.ready")) == 1
    (row, *_) = deliveries(app)
    assert (row.state, row.attempts) == ("done", 2)


def test_a_worker_that_died_is_replaced_when_its_lease_ran_out(app, run_jobs):
    happen(app, "tea.cold")
    with app.app_context(), work.unit():
        assert events._claim(1, clock.now()) is not None
    run_jobs()
    assert heard == []
    assert sweep(app, minutes=1.5) == 0
    with clock.stopped_at(clock.now() + timedelta(minutes=3)):
        assert sweep(app) == 1
        run_jobs()
    assert heard == ["first cup"]


def test_enqueueing_without_redis_is_an_error_that_can_be_seen(app):
    with app.app_context(), no_redis(app), pytest.raises(RedisError):
        jobs.enqueue(second)
