"""Object storage as the clouds offer it, on this machine: S3 from moto's server, Azure Blob from Azurite."""

import base64
import hashlib
import hmac
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

from lms.ops.processes import end, spawn
from lms.ops.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
AZURITE = ROOT / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
WAIT_SECONDS = 60.0
BUCKET = "lectern"
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Every Azurite has this account; the key is in its manual."""


@contextmanager
def s3() -> Iterator[dict[str, str]]:
    """A running S3 server with a bucket; the environment that leads there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running(command, address, {"FLASK_DEBUG": "0"}):
        _ask(urllib.request.Request(f"{address}/{BUCKET}", method="PUT"))
        yield {
            "AWS_ENDPOINT_URL": address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "STORAGE_URL": f"s3://{BUCKET}/school",
        }


@contextmanager
def azure(folder: Path) -> Iterator[dict[str, str]]:
    """A running Azure Blob server with a container; the environment that leads there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    node = shutil.which("node", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    assert node and AZURITE.exists(), "run `make assets`: Azurite is missing"
    command = [node, str(AZURITE), "--silent", "--skipApiVersionCheck", "--disableTelemetry"]
    command += ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder)]
    with _running(command, address):
        _make_container(address)
        yield {
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": ACCOUNT_KEY,
            "AZURE_STORAGE_ENDPOINT": f"{address}/{ACCOUNT}",
            "AZURE_ALLOW_HTTP": "true",
            "STORAGE_URL": f"azure://{BUCKET}/school",
        }


@contextmanager
def _running(command: list[str], address: str, more: dict[str, str] | None = None) -> Iterator[None]:
    process = spawn(command, env={**os.environ, **(more or {})}, stdout=subprocess.DEVNULL)
    try:
        _wait(address, process)
        yield
    finally:
        # The node of a wheel is a program that starts the real one.
        end(process, signal.SIGTERM)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            _ask(urllib.request.Request(address))
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, f"no server at {address}"
            time.sleep(0.1)


def _ask(request: urllib.request.Request) -> None:
    """Any answer is one; only no answer raises (OSError)."""
    try:
        urllib.request.urlopen(request, timeout=10).close()
    except urllib.error.HTTPError as error:
        error.close()


def _make_container(address: str) -> None:
    """Signed by hand (Authorize with Shared Key): a client library for one request would be too much."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
    signed = "\n".join(
        [
            "PUT",
            *[""] * 11,
            *(f"{name}:{value}" for name, value in sorted(headers.items())),
            f"/{ACCOUNT}/{ACCOUNT}/{BUCKET}",
            "restype:container",
        ]
    )
    key = base64.b64decode(ACCOUNT_KEY)
    signature = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    request = urllib.request.Request(
        f"{address}/{ACCOUNT}/{BUCKET}?restype=container",
        method="PUT",
        headers={**headers, "Authorization": f"SharedKey {ACCOUNT}:{signature}", "Content-Length": "0"},
    )
    urllib.request.urlopen(request, timeout=10).close()
