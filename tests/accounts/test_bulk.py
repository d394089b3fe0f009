"""Reading a list of people: every bad row is named with its reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.accounts import bulk


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


HEAD = "name,email,role,language,time_zone,course\n"


def read(text, encoding="utf-8"):
    return bulk.read(text.encode(encoding))


def test_a_row_with_name_and_address_is_enough():
    reading = read("name,email\nBob Brook,bob@example.org\n")
    assert reading.people == [bulk.Person(2, "Bob Brook", "bob@example.org", "student", "en", "UTC", "")]
    assert reading.bad == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_what_spreadsheets_write_is_understood(encoding, mark):
    text = f"Name{mark}Email\r\nZoë Müßig{mark}zoe@example.org\r\n"
    assert read(text, encoding).people[0].name == "Zoë Müßig"


def test_a_row_that_breaks_off_is_named():
    reading = read("email,name\neve@example.org\nbob@example.org,Bob\n")
    assert [(row.line, row.reason) for row in reading.bad] == [(2, "The name is missing.")]
    assert [person.name for person in reading.people] == ["Bob"]


def test_quotes_hold_marks_and_empty_lines_are_skipped():
    reading = read('email,name\n\nbob@example.org,"Brook, Bob"\n,\n')
    assert reading.people[0].name == "Brook, Bob"
    assert reading.bad == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",bob@example.org,,,,", "name is missing"),
        ("Bob,,,,,", "address is missing"),
        ("Bob,bob at example,,,,", "no email address"),
        ("Bob,bob@example.org,headmaster,,,", "is no role"),
        ("Bob,bob@example.org,admin,,,", "one by one"),
        ("Bob,bob@example.org,,tlh,,", "no language"),
        ("Bob,bob@example.org,,,Mars/Olympus,", "no time zone"),
        ("B" * 121 + ",bob@example.org,,,,", "at most 120"),
        ("Bob,bob@example.org,,,,,extra", "more cells"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_reason(row, words):
    reading = read(f"{HEAD}Eve,eve@example.org,,,,\n{row}\n")
    assert [person.name for person in reading.people] == ["Eve"]
    assert reading.bad[0].line == 3
    assert words in reading.bad[0].reason


def test_one_person_may_have_several_courses_but_only_one_name():
    reading = read(
        HEAD
        + "Bob,bob@example.org,,,,tea\nBob,BOB@example.org,,,,coffee\n"
        + "Bob,bob@example.org,,,,tea\nRob,bob@example.org,,,,\n"
    )
    assert [person.course for person in reading.people] == ["tea", "coffee"]
    assert reading.repeated == 1
    assert "Line 2" in reading.bad[0].reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"first,second\na,b", "Missing: name, email"),
        (b"name,email,shoe\na,b,c", "shoe"),
        (b"name,email,name\na,b,c", "twice"),
        (b"\x00\x01\x02PNG", "not a text file"),
        (b"name,email\n" + b"x" * 200_000 + b",b@example.org", "no CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(data, words):
    with pytest.raises(bulk.Unreadable, match=words):
        bulk.read(data)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_file_breaks_it(data):
    try:
        reading = bulk.read(b"name,email\n" + data)
    except bulk.Unreadable:
        return
    assert all(person.name and "@" in person.email for person in reading.people)


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_the_line_by_which_excel_says_what_stands_between_cells_is_no_head(app, first):
    with app.test_request_context():
        reading = bulk.read(f"{first}\nname;email\nBob, the first;bob@example.org\nx;nonsense\n".encode())
    assert [(person.line, person.name) for person in reading.people] == [(2, "Bob, the first")]
    assert [row.line for row in reading.bad] == [3], "as the spreadsheet counts"
