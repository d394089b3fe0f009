"""The release before the newest migration, taken out of git's history, and somebody who looks at all of it."""

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ("lms/static/build", "lms/static/vendor", "lms/certificates/fonts")
"""What is made and not kept in git; as good for the old release as for the new."""


def git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, timeout=60).stdout


def before(migration: Path) -> str:
    """The last commit without this migration; the newest commit while it is not committed."""
    added = git("log", "--diff-filter=A", "--format=%H", "--", str(migration.relative_to(ROOT))).split()
    return f"{added[-1].decode()}^" if added else "HEAD"


def unpack(commit: str, folder: Path) -> Path:
    """The program as it was."""
    with tarfile.open(
        fileobj=BytesIO(git("archive", commit, "lms", "migrations", "docs", "config.py", "worker.py"))
    ) as tar:
        tar.extractall(folder, filter="data")
    for name in BUILT:
        place = folder / name
        if not place.exists():
            place.symlink_to(ROOT / name)
    for words in (ROOT / "lms" / "translations").glob("*/LC_MESSAGES/messages.mo"):
        (folder / words.relative_to(ROOT)).write_bytes(words.read_bytes())
    return folder


VISIT = r'''
import re, sys
from html import unescape
from sqlalchemy import text
from lms.app import create_app
from lms.core.db import db

app, wrong, seen, sent = create_app(), [], 0, []

def look(client, path):
    answer = client.get(path, follow_redirects=True)
    if answer.status_code >= 500:
        wrong.append(f"GET {path}: {answer.status_code}")
    return answer.text if answer.mimetype == "text/html" else ""

def send(client, page, action, **typed):
    """Fill in the first form of the page that leads to such an address."""
    for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
        target = re.search(r'action="([^"]*)"', form)
        if target and re.search(action, target[1]):
            inputs = [dict(re.findall(r'([a-z-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
            given = {
                facts["name"]: unescape(facts.get("value", ""))
                for facts in inputs
                if facts.get("name") and facts.get("type") not in ("checkbox", "radio")
            }
            answer = client.post(unescape(target[1]), data={**given, **typed})
            sent.append(f"{action} {answer.status_code}")
            if answer.status_code >= 500:
                wrong.append(f"POST {target[1]}: {answer.status_code}")
            return answer
    return None

for person in ("bob", "alice", "dana"):
    client = app.test_client()
    page = look(client, "/sign-in")
    send(client, page, "/sign-in", email=f"{person}@example.org", password="lectern-demo")
    waiting, known = ["/"], {"/"}
    while waiting and len(known) - len(waiting) < int(sys.argv[1]):
        page = look(client, waiting.pop(0))
        seen += 1
        for target in map(unescape, re.findall(r'<a\b[^>]*\bhref="(/[^"#]*)', page)):
            kind = re.sub(r"\d+", "0", target.partition("?")[0])
            if kind not in known and not target.startswith(("/static", "/files", "/dev")):
                known.add(kind)
                waiting.insert(0 if "/lessons/" in target else len(waiting), target)
        if person == "bob":
            send(client, page, "/completion(#|$)")
            begun = send(client, page, "/attempts$")
            if begun is not None and begun.location:
                send(client, look(client, begun.location), "/submission$")
    if person == "bob":
        send(client, look(client, "/profile"), "/profile$", name="Bob Brook", bio="written by the old release")
print(seen, "pages;", "; ".join(sorted(set(sent))))
sys.exit("\n".join(wrong) or (0 if seen > 30 else f"only {seen} pages were found"))
'''
