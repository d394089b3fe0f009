"""Settings are right, or the system does not start and says which one is not."""

import dataclasses
import re
from pathlib import Path

import pytest

from config import ROOT, ConfigError, Settings

DEVELOPMENT = {
    "LECTERN_ENV": "development",
    "SECRET_KEY": "short",
    "DATABASE_URL": "postgresql://lectern@localhost/lectern",
    "REDIS_URL": "redis://localhost",
}
PRODUCTION = {
    **DEVELOPMENT,
    "LECTERN_ENV": "production",
    "SECRET_KEY": "a production secret of thirty-two or more",
    "BASE_URL": "https://learn.example.org/",
    "STORAGE_URL": "s3://lectern",
}


def test_development_needs_little():
    settings = Settings.from_env(DEVELOPMENT)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.storage_url == f"file://{ROOT / 'var' / 'files'}"
    assert not settings.secure


def test_production_is_the_default_and_serves_https():
    settings = Settings.from_env({key: value for key, value in PRODUCTION.items() if key != "LECTERN_ENV"})
    assert settings.environment == "production"
    assert settings.base_url == "https://learn.example.org"
    assert settings.secure


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY must have at least 32"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG must be off"),
        ({"FLASK_DEBUG": "maybe"}, "FLASK_DEBUG must be true or false"),
        ({"BASE_URL": ""}, "BASE_URL is missing"),
        ({"BASE_URL": "http://learn.example.org"}, "BASE_URL must begin with https"),
        ({"BASE_URL": "learn.example.org"}, "BASE_URL must begin with http"),
        ({"STORAGE_URL": ""}, "STORAGE_URL is missing"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
        ({"REDIS_URL": ""}, "REDIS_URL is missing"),
        ({"REDIS_URL": "memcached://x"}, "REDIS_URL must begin with"),
        ({"SMTP_URL": "mail.example.org"}, "SMTP_URL must begin with"),
        ({"LECTERN_ENV": "staging"}, "LECTERN_ENV must be one of"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a whole number from 0 to 10"),
        ({"METRICS_ALLOW": "10.0.0.0/99"}, "METRICS_ALLOW must list address ranges"),
        ({"DATABASE_POOL": "0"}, "DATABASE_POOL must be a whole number"),
        ({"BCRYPT_COST": "3"}, "BCRYPT_COST must be a whole number"),
        ({"SESSION_HOURS": "x"}, "SESSION_HOURS must be a whole number"),
        ({"REMEMBER_DAYS": "400"}, "REMEMBER_DAYS must be a whole number"),
        ({"REGISTRATION_OPEN": "sometimes"}, "REGISTRATION_OPEN must be true or false"),
        ({"VERIFICATION_REQUIRED": "2"}, "VERIFICATION_REQUIRED must be true or false"),
        ({"RATE_LIMITS": "few"}, "RATE_LIMITS must be true or false"),
        ({"ANSWER_GRACE_SECONDS": "601"}, "ANSWER_GRACE_SECONDS must be a whole number"),
        ({"UPLOAD_LIMIT_MB": "0"}, "UPLOAD_LIMIT_MB must be a whole number"),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE can't be read"),
    ],
)
def test_a_wrong_setting_is_named(changes, said):
    with pytest.raises(ConfigError, match=re.escape(said)):
        Settings.from_env({**PRODUCTION, **changes})


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("rediss://:pw@host:6380", "rediss://:pw@host:6380?ssl_cert_reqs=none"),
        ("rediss://host/0?health=1", "rediss://host/0?health=1&ssl_cert_reqs=none"),
        ("redis://host", "redis://host"),
    ],
)
def test_the_certificate_of_redis_is_checked_unless_said_otherwise(url, used):
    given = {**PRODUCTION, "REDIS_URL": url}
    assert Settings.from_env(given).redis_url == url
    assert Settings.from_env({**given, "REDIS_CHECK_CERTIFICATE": "false"}).redis_url == used


def test_a_secret_may_lie_in_a_file(tmp_path: Path):
    (tmp_path / "secret").write_text("a secret of a file that is long enough\n")
    environ = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}
    settings = Settings.from_env({**environ, "SECRET_KEY_FILE": str(tmp_path / "secret")})
    assert settings.secret_key == "a secret of a file that is long enough"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_common_form_of_a_database_address_is_understood(scheme):
    settings = Settings.from_env({**PRODUCTION, "DATABASE_URL": f"{scheme}://u:p@host/name"})
    assert settings.database_url == "postgresql+psycopg://u:p@host/name"


def test_printed_settings_show_no_secret():
    secrets = {
        "SMTP_URL": "smtp://u:hidden@h",
        "REDIS_URL": "redis://:hidden@h",
        "DATABASE_URL": "postgres://u:hidden@h/d",
    }
    settings = Settings.from_env(
        {**PRODUCTION, **secrets, "SECRET_KEY": "hidden" * 6, "METRICS_TOKEN": "hidden"}
    )
    assert "hidden" not in repr(settings)


def test_settings_cannot_be_changed_afterwards():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.from_env(DEVELOPMENT).debug = True  # type: ignore[misc]


def test_every_variable_is_explained_to_operators():
    read = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', (ROOT / "config.py").read_text()))
    page = (ROOT / "docs" / "operators" / "configuration.md").read_text()
    assert read
    assert {name for name in read if f"`{name}`" not in page} == set()
