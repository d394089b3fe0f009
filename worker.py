"""One RQ worker over all queues, with the clock that starts recurring jobs: `python worker.py`.

Jobs run in this process, without a fork for each: a fork and its new connections cost 0.4 s, a job a few
milliseconds. A job that kills the process costs a restart; its lease ends and the sweep gives it out again.

`--no-clock` leaves the clock to another process (`python worker.py --clock-only`), though any number
of clocks is harmless: every recurring job claims its work in the database.
"""

import argparse
import logging
import sys
import threading
import time

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.cron import CronScheduler

from config import ConfigError, Settings
from lms.app import SCHEDULE, create_app
from lms.core import jobs

log = logging.getLogger("lectern.worker")


def keep_time(connection: Redis) -> None:
    """Enqueue what is due, for ever. A run nobody took before the next one is due is dropped."""
    scheduler = CronScheduler(connection, logging_level="WARNING")
    for job, seconds in SCHEDULE:
        scheduler.register(
            jobs.run, job.queue, args=(job.name,), interval=seconds, ttl=seconds, result_ttl=0, name=job.name
        )
    while True:
        try:
            scheduler.enqueue_jobs()
            connection.set(jobs.CLOCK, int(time.time()), ex=jobs.CLOCK_SECONDS)
            time.sleep(max(0.2, scheduler.calculate_sleep_interval()))
        except (RedisError, OSError) as error:
            log.warning("clock: queue unreachable: %s", error)
            time.sleep(2)


def work(app: Flask, *, with_clock: bool, burst: bool = False) -> None:
    """Serve all queues until told to stop."""
    url = app.config["LECTERN"].redis_url
    connection = Redis.from_url(url, health_check_interval=30)
    if with_clock:
        threading.Thread(target=keep_time, args=(Redis.from_url(url),), daemon=True, name="clock").start()
    queues = [Queue(name, connection=connection) for name in jobs.QUEUES]
    SimpleWorker(queues, connection=connection).work(burst=burst, logging_level="WARNING")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-clock", action="store_true", help="do not start recurring jobs")
    parser.add_argument("--clock-only", action="store_true", help="only start recurring jobs")
    parser.add_argument("--burst", action="store_true", help="stop when the queues are empty")
    options = parser.parse_args()
    try:
        settings = Settings.from_env()
    except ConfigError as error:
        sys.exit(f"Lectern could not start. {error}")
    app = create_app(settings)
    if options.clock_only:
        keep_time(Redis.from_url(settings.redis_url))
    else:
        work(app, with_clock=not (options.no_clock or options.burst), burst=options.burst)


if __name__ == "__main__":
    main()
