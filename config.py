"""Settings, read once from the environment and frozen; refuses to start when one is wrong, naming it.

Every variable may also be given as `NAME_FILE`, the path of a file that holds the value (Docker secrets).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

Environment = Literal["development", "test", "production"]
ROOT = Path(__file__).resolve().parent
LOOPBACK = ("127.0.0.0/8", "::1/128")


class ConfigError(Exception):
    """A setting is missing or wrong; the message names the variable and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that may differ between two installations. Durations are in seconds, sizes in bytes."""

    environment: Environment
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    base_url: str
    product_name: str = "Lectern"
    mail_from: str = "Lectern <lectern@localhost>"
    debug: bool = False
    storage_url: str = ""
    trusted_proxies: int = 0
    trusted_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    sentry_dsn: str = field(default="", repr=False)
    release: str = ""
    metrics_token: str = field(default="", repr=False)
    metrics_allow: tuple[str, ...] = LOOPBACK
    log_level: str = "INFO"
    database_pool: int = 8
    bcrypt_cost: int = 11
    session_hours: int = 12
    remember_days: int = 30
    registration_open: bool = True
    verification_required: bool = False
    rate_limits: bool = True
    answer_grace_seconds: int = 30
    webhooks_allow_private: bool = False
    api_docs: bool = True
    slow_query_ms: int = 500
    database_pooler: str = "none"
    upload_limit: int = 100 * 1024 * 1024
    course_quota: int = 2048 * 1024 * 1024

    @property
    def secure(self) -> bool:
        """Whether pages are served over HTTPS, so that cookies may be `Secure`."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment. Raises ConfigError naming the first variable that is wrong."""
        read = _Reader(os.environ if environ is None else environ)
        environment = read.choice("LECTERN_ENV", ("development", "test", "production"), "production")
        production = environment == "production"
        settings = cls(
            environment=cast("Environment", environment),
            secret_key=read.text("SECRET_KEY"),
            database_url=read.database("DATABASE_URL"),
            redis_url=read.redis("REDIS_URL"),
            smtp_url=read.url("SMTP_URL", ("smtp", "smtps", "smtp+starttls"), "smtp://127.0.0.1:25"),
            base_url=read.url(
                "BASE_URL", ("http", "https"), None if production else "http://127.0.0.1:8000"
            ).rstrip("/"),
            product_name=read.text("PRODUCT_NAME", "Lectern"),
            mail_from=read.text("MAIL_FROM", "Lectern <lectern@localhost>"),
            debug=read.flag("FLASK_DEBUG", False),
            storage_url=read.text("STORAGE_URL", "" if production else f"file://{ROOT / 'var' / 'files'}"),
            trusted_proxies=read.number("TRUSTED_PROXIES", 0, 0, 10),
            trusted_hosts=read.words("TRUSTED_HOSTS"),
            cors_origins=read.origins("CORS_ORIGINS"),
            sentry_dsn=read.text("SENTRY_DSN", ""),
            release=read.text("RELEASE", read.text("HEROKU_SLUG_COMMIT", "")),
            metrics_token=read.text("METRICS_TOKEN", ""),
            metrics_allow=read.networks("METRICS_ALLOW", LOOPBACK),
            log_level=read.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            database_pool=read.number("DATABASE_POOL", 8, 1, 200),
            bcrypt_cost=read.number("BCRYPT_COST", 11, 4, 16),
            session_hours=read.number("SESSION_HOURS", 12, 1, 24 * 30),
            remember_days=read.number("REMEMBER_DAYS", 30, 1, 365),
            registration_open=read.flag("REGISTRATION_OPEN", True),
            verification_required=read.flag("VERIFICATION_REQUIRED", False),
            rate_limits=read.flag("RATE_LIMITS", True),
            answer_grace_seconds=read.number("ANSWER_GRACE_SECONDS", 30, 0, 600),
            webhooks_allow_private=read.flag("WEBHOOKS_ALLOW_PRIVATE", False),
            api_docs=read.flag("API_DOCS", not production),
            slow_query_ms=read.number("SLOW_QUERY_MS", 500, 0, 600_000),
            database_pooler=read.choice("DATABASE_POOLER", ("none", "transaction"), "none"),
            upload_limit=read.number("UPLOAD_LIMIT_MB", 100, 1, 2048) * 1024 * 1024,
            course_quota=read.number("COURSE_QUOTA_MB", 2048, 1, 1024 * 1024) * 1024 * 1024,
        )
        if production:
            settings._refuse_unsafe_production()
        return settings

    def _refuse_unsafe_production(self) -> None:
        if self.debug:
            raise ConfigError("FLASK_DEBUG must be off in production.")
        if len(self.secret_key) < 32:
            raise ConfigError("SECRET_KEY must have at least 32 characters in production.")
        if not self.secure:
            raise ConfigError("BASE_URL must begin with https:// in production.")
        if not self.storage_url:
            raise ConfigError("STORAGE_URL is missing: file:///path, s3://bucket or azure://container.")


class _Reader:
    """Typed look-ups with messages that name the variable."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str | None = None) -> str:
        if path := self.environ.get(f"{name}_FILE"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                raise ConfigError(f"{name}_FILE can't be read: {error.strerror}.") from error
        value = self.environ.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ConfigError(f"{name} is missing.")
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, str(default)).lower()
        if value in ("1", "true", "yes", "on"):
            return True
        if value in ("0", "false", "no", "off"):
            return False
        raise ConfigError(f"{name} must be true or false, not {value!r}.")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
        return int(value)

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise ConfigError(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        return tuple(word.strip() for word in self.text(name, "").split(",") if word.strip())

    def origins(self, name: str) -> tuple[str, ...]:
        words = self.words(name)
        for word in words:
            parts = urlsplit(word)
            if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != word:
                raise ConfigError(
                    f"{name} must list origins such as https://portal.example.org, not {word!r}."
                )
        return words

    def networks(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        words = self.words(name) or default
        for word in words:
            try:
                ip_network(word)
            except ValueError as error:
                raise ConfigError(f"{name} must list address ranges such as 10.0.0.0/8: {error}.") from error
        return words

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        if urlsplit(value).scheme not in schemes:
            raise ConfigError(f"{name} must begin with {' or '.join(f'{s}://' for s in schemes)}.")
        return value

    def redis(self, name: str) -> str:
        """A `rediss://` server may have a certificate of its own making, under an address that we can't change."""
        value = self.url(name, ("redis", "rediss", "unix"))
        if self.flag("REDIS_CHECK_CERTIFICATE", True) or not value.startswith("rediss://"):
            return value
        return f"{value}{'&' if urlsplit(value).query else '?'}ssl_cert_reqs=none"

    def database(self, name: str) -> str:
        """Heroku and others write `postgres://`; SQLAlchemy wants the driver named."""
        value = self.url(name, ("postgres", "postgresql", "postgresql+psycopg"))
        return "postgresql+psycopg://" + value.split("://", 1)[1]
