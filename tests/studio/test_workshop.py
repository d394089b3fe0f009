"""Whatever part of a course its instructor opens, the way to the others stays."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.accounts.models import User
from tests import factories

PARTS = {
    "/teaching/tea": "Outline",
    "/teaching/tea/bank": "Question bank",
    "/teaching/tea/settings": "Settings",
    "/teaching/tea/learners": "Learners",
    "/teaching/tea/grading": "Grading",
    "/teaching/tea/gradebook": "Gradebook",
    "/teaching/tea/analytics": "Analytics",
    "/teaching/tea/analytics/learners": "Analytics",
    "/teaching/tea/analytics/risk": "Analytics",
    "/teaching/tea/export": "Export",
    "/teaching/tea/files": "Files",
    "/courses/tea/certificates": "Certificates",
    "/teaching/tea/instructors": "Instructors",
}


@pytest.mark.parametrize("who", ["alice", "dana"])
def test_every_part_of_a_course_shows_the_others(
    app: Flask, as_user: Callable[[User], FlaskClient], alice: User, dana: User, who: str
) -> None:
    factories.course(app, alice)
    client = as_user({"alice": alice, "dana": dana}[who])
    for address, name in PARTS.items():
        answer = client.get(address)
        assert answer.status_code == 200, address
        found = re.search(r'<nav[^>]*aria-label="The course’s workshop".*?</nav>', answer.text, re.DOTALL)
        assert found is not None, address
        links = re.findall(r'<a href="([^"]+)"( aria-current="page")?>([^<]+)</a>', found[0])
        assert [to for to, _here, _name in links] == [
            to
            for to in PARTS
            if to not in ("/teaching/tea/analytics/learners", "/teaching/tea/analytics/risk")
        ], address
        assert [text for _to, here, text in links if here] == [name], address
