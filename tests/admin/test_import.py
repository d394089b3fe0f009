"""People and their enrollments from a CSV file: the dry run, the import, and the same again."""

import io
import re

import pytest
from sqlalchemy import func, select, update

from lms.accounts.models import AuditEntry, Invitation, User
from lms.admin import jobs
from lms.core import work
from lms.core.db import db
from lms.core.models import Task
from lms.courses.models import Course
from lms.learning.models import Enrollment
from tests.factories import course, person
from tests.support import sql
from tests.support.forms import post

LIST = """name;email;role;course
Eve Elm;eve@example.org;student;tea
Eve Elm;eve@example.org;student;coffee
Frank Fir;frank@example.org;instructor;
Bob Brook;bob@example.org;student;tea
Gil;gil at example;student;tea
Hal Ash;hal@example.org;student;no-such-course
"""


@pytest.fixture
def admin(app, as_user, dana, alice, bob):
    course(app, alice)
    course(app, alice, slug="coffee")
    return as_user(dana)


def upload(admin, text=LIST, **fields):
    file = (io.BytesIO(text.encode()), "people.csv")
    answer = post(admin, "/admin/import", {"file": file, **fields}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return answer.location


def apply(admin, report, **fields):
    return post(admin, f"{report}/apply", fields, form_at=report).location


def count(app, table):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table))


def numbers(text):
    return re.findall(r'<dt>([^<]+)</dt><dd><span class="stat-value">([^<]+)<', text)


def test_the_dry_run_says_what_would_happen_and_changes_nothing(app, admin, run_jobs):
    report = upload(admin)
    assert "progress" in admin.get(report).text
    run_jobs()
    text = admin.get(report).text
    assert dict(numbers(text)) == {
        "New accounts": "2",
        "New enrollments": "3",
        "Have an account already": "1",
        "Rows left out": "2",
    }
    assert "gil at example" in text and "no email address" in text
    assert "no-such-course" in text
    assert count(app, User) == 3 and count(app, Enrollment) == 0


def test_the_good_rows_come_in_and_doing_it_again_changes_nothing(app, admin, run_jobs, inbox):
    report = upload(admin)
    run_jobs()
    first = apply(admin, report)
    run_jobs()
    assert "The people are here." in admin.get(first).text
    assert (count(app, User), count(app, Enrollment)) == (5, 3)
    with app.app_context():
        made = {user.email: user for user in db.session.scalars(select(User))}
        assert made["frank@example.org"].is_verified_instructor
        assert made["bob@example.org"].name == "Bob Brook"
        assert dict(db.session.execute(select(Course.slug, Course.enrollment_count)).all()) == {
            "tea": 2,
            "coffee": 1,
        }
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.imported")).one()
        assert entry.actor_name == "Dana Dale"
    assert inbox.messages == [], "nobody is written to unless asked for"
    again = apply(admin, report)
    run_jobs()
    assert "Nothing was changed" in admin.get(again).text
    assert (count(app, User), count(app, Enrollment)) == (5, 3)


def test_new_people_are_written_to_when_asked(app, admin, run_jobs, inbox, client):
    report = upload(admin, invite="y")
    run_jobs()
    assert "checked" in admin.get(report).text
    apply(admin, report, invite="yes")
    run_jobs()
    assert count(app, Invitation) == 2
    text = inbox.to("eve@example.org")[0].get_body(("plain",)).get_content()
    path = re.search(r"(/invitations/\S+)", text)[1]
    assert 'value="Eve Elm"' in client.get(path).text
    assert post(client, path, {"name": "Eve Elm", "password": "four plain words"}).status_code == 303
    assert "The book of tea" in client.get("/learning").text
    assert not inbox.to("bob@example.org")


def test_a_file_that_is_no_list_is_refused_with_the_reason(admin, run_jobs):
    report = upload(admin, "first,second\n1,2\n")
    run_jobs()
    text = admin.get(report).text
    assert "Missing: name, email" in text
    assert "/apply" not in text


def test_nothing_chosen_is_said_in_place(admin):
    assert post(admin, "/admin/import", {}).status_code == 422


def test_another_admins_import_is_not_found(app, admin, as_user, run_jobs):
    report = upload(admin)
    run_jobs()
    other = as_user(person(app, "Erin", "erin@example.org", role="admin"))
    assert other.get(report).status_code == 404


def test_the_template_is_a_list_that_works(app, admin, run_jobs):
    answer = admin.get("/admin/import/template.csv")
    report = upload(admin, answer.get_data(as_text=True))
    run_jobs()
    assert dict(numbers(admin.get(report).text))["New accounts"] == "1"


def test_a_course_that_went_since_the_dry_run_is_named_and_the_rest_comes_in(app, admin, run_jobs):
    report = upload(admin)
    run_jobs()
    with app.app_context(), work.unit():
        db.session.execute(update(Course).where(Course.slug == "coffee").values(state="archived"))
    done = apply(admin, report)
    run_jobs()
    assert "coffee" in admin.get(done).text
    assert (count(app, User), count(app, Enrollment)) == (5, 2)


def test_every_bad_row_is_named_also_when_there_are_very_many(app, admin, run_jobs):
    report = upload(admin, "name,email\n" + "".join(f"=A1+{n},nonsense\n" for n in range(1500)))
    run_jobs()
    assert "And 1,300 more." in admin.get(report).text
    lines = admin.get(f"{report}/left-out.csv").text.splitlines()
    assert len(lines) == 1501
    assert lines[-1].startswith("1501,") and "no email address" in lines[-1]
    assert '"\'=A1+1499, nonsense"' in lines[-1], "no formula"


def test_ten_thousand_rows_come_in_with_few_statements(app, admin, run_jobs):
    rows = "".join(f"Person {n},person{n}@example.org,,tea\n" for n in range(9_990)) + "x,nonsense,,\n" * 10
    report = upload(admin, "name,email,role,course\n" + rows)
    run_jobs()
    assert dict(numbers(admin.get(report).text))["Rows left out"] == "10"
    apply(admin, report)
    with app.app_context():
        task = db.session.scalar(select(Task.id).order_by(Task.id.desc()))
        with sql.count(app) as seen, work.unit():
            jobs.import_people.body(task)
        assert len(seen) <= 100, "a statement for a hundred rows, not for each"
        row = db.session.get_one(Task, task)
        assert row.state == "done" and row.done > 0
    assert count(app, Enrollment) == 9_990
