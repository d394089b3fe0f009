"""`make pictures`: every picture of the documentation, made anew in a throwaway Lectern for each of its languages.

make pictures ARGS="lesson inbox"     # these alone
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_migrate import upgrade
from playwright.sync_api import Error

from config import Settings
from docs.pictures import scene as scenes
from docs.pictures.camera import LOCALES, Camera, served, shots_in
from docs.pictures.shots import SHOTS, Shot
from lms.app import create_app
from lms.core import clock
from lms.ops.servers import Postgres, Redis
from tests.support import browser
from tests.support.mail import Inbox
from tests.support.server import run_jobs

ROOT = Path(__file__).resolve().parents[2]


def main(names: list[str]) -> int:
    """Take the pictures of these names, or all, in every language; says of each how large it is and whether it changed."""
    unknown = set(names) - {shot.name for shot in SHOTS}
    if unknown:
        print("No such picture: " + ", ".join(sorted(unknown)), file=sys.stderr)
        return 1
    failed = [shot for language in LOCALES for shot in _all(language, names)]
    return 1 if failed else 0


def _all(language: str, names: list[str]) -> list[Shot]:
    """The shots that failed."""
    with TemporaryDirectory(prefix="lectern-pictures-") as folder, clock.stopped_at(scenes.AT):
        base = Path(folder)
        with (
            Postgres(base / "postgres", durable=False) as postgres,
            Redis(base / "redis", durable=False) as redis,
            Inbox() as inbox,
            browser.launched() as chromium,
        ):
            app = create_app(Settings.from_env(_environment(postgres.url, redis.url, inbox.url, base)))
            with app.app_context():
                upgrade(str(ROOT / "migrations"))
            scene = scenes.set_up(app, run_jobs)
            scenes.speak(app, language)
            with served(app) as url:
                camera = Camera(chromium, url, scene, language)
                wanted = [shot for shot in shots_in(language) if not names or shot.name in names]
                failed = [shot for shot in wanted if not _take(camera, shot)]
                camera.close()
    return failed


def _take(camera: Camera, shot: Shot) -> bool:
    try:
        path, changed = camera.take(shot)
    except (AssertionError, Error) as error:
        print(f"{shot.name}: {error}", file=sys.stderr)
        return False
    size = path.stat().st_size / 1000
    print(f"{path.relative_to(ROOT)}  {size:.0f} kB{'  new' if changed else ''}", flush=True)
    return True


def _environment(database: str, redis: str, smtp: str, base: Path) -> dict[str, str]:
    return {
        "LECTERN_ENV": "test",
        "SECRET_KEY": "the same secret for every picture, long enough",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SMTP_URL": smtp,
        "BASE_URL": "http://learn.example.org",
        "STORAGE_URL": f"file://{base / 'files'}",
        "BCRYPT_COST": "4",
        "RATE_LIMITS": "false",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR"),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
