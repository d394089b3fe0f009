"""Who reads in another language than English reads the help in it, as far as it is translated, and finds words in it."""

import html
import re

import pytest

from lms.core import work
from lms.core.db import db

ARABIC = {"Accept-Language": "ar"}
SAID = "هذه الصفحة بالإنجليزية حتى الآن"


def main(answer):
    return html.unescape(answer.text.partition("<main")[2].partition("</main>")[0])


def found(browser, words):
    """What an Arabic page shows of a search."""
    return main(browser.get("/help", query_string={"q": words}, headers=ARABIC))


@pytest.fixture
def admin(app, as_user, dana):
    """Dana, who reads Arabic."""
    with app.app_context(), work.unit():
        db.session.merge(dana).language = "ar"
    return as_user(dana)


def test_a_page_is_read_in_ones_own_language(client):
    page = client.get("/help/learners/start", headers=ARABIC).text
    assert '<article class="help" lang="ar" dir="rtl">' in page
    assert "<h1>حسابك</h1>" in page and "Your account" not in page
    assert SAID not in page


def test_what_is_not_translated_is_english_and_says_so(admin):
    page = admin.get("/help/operators/install").text
    assert '<html lang="ar" dir="rtl"' in page
    assert '<article class="help" lang="en" dir="ltr">' in page
    assert SAID in page


def test_what_is_found_makes_no_promises_about_translations(admin):
    """An English word may be found in a page that is translated."""
    assert "لم يُترجم بعد" not in main(admin.get("/help", query_string={"q": "recovery codes"}))


def test_the_list_has_the_titles_and_wishes_of_ones_language(client, admin):
    listed = main(client.get("/help", headers=ARABIC))
    assert '<li lang="ar" dir="rtl"><a href="/help/learners/start">حسابك</a>' in listed
    assert "الدخول، وحماية حسابك" in listed
    everything = main(admin.get("/help"))
    assert '<li lang="en" dir="ltr"><a href="/help/operators/install">' in everything
    assert "ما يظهر هنا بالإنجليزية لم يُترجم بعد" in everything


def test_who_reads_english_meets_none_of_it(client):
    listed = main(client.get("/help"))
    assert not re.search("[\u0621-\u064a]", listed)
    assert "Your account" in listed


def test_a_place_has_one_address_in_every_language(client):
    ids = [
        re.findall(r'<h[2-6] id="([^"]+)"', client.get("/help/learners/start", headers=headers).text)
        for headers in ({}, ARABIC)
    ]
    assert ids[0] == ids[1] and "s-a-second-factor" in ids[0]


def test_what_is_linked_is_read_in_the_same_language_where_it_can_be(client):
    page = main(client.get("/help/learners/start", headers=ARABIC))
    assert 'href="/help/learners/messages#s-what-reaches-you-and-how"' in page
    assert 'src="/help/img/register.ar.webp"' in page


@pytest.mark.parametrize("typed", ["الاسترداد", "استرداد", "الإسترداد", "اِسْتِرْداد", "اســترداد"])
def test_arabic_is_found_however_its_signs_are_typed(client, typed):
    assert 'href="/help/learners/start#s-a-second-factor"' in found(client, typed)


@pytest.mark.parametrize("typed", ["شهادة", "شهاده", "الشهادات", "شهادات"])
def test_a_feminine_word_is_found_with_what_ends_it_otherwise(client, typed):
    """The page says شهاداتك, your certificates."""
    assert 'href="/help/learners/start#s-coming-in"' in found(client, typed)


def test_the_numerals_of_a_phone_are_those_of_the_page(client):
    assert 'href="/help/learners/start#s-coming-in"' in found(client, "٣٠ دقيقة")


def test_a_wrong_arabic_letter_is_forgiven_and_the_word_said_as_it_is_written(client):
    page = found(client, "الاستردلد")
    assert "لا شيء فيه «\u2068الاستردلد\u2069»" in page
    assert "نتيجة" in page and "«\u2068الاسترداد\u2069»" in page
    assert 'href="/help/learners/start#s-a-second-factor"' in page


def test_the_whole_arabic_word_is_marked(client):
    page = found(client, "استرداد")
    assert "<mark>الاسترداد</mark>" in page
    assert not re.search("[\u0621-\u064a]<mark>|</mark>[\u0621-\u064a]", page)


def test_an_english_word_leads_an_arabic_reader_to_the_same_place(client):
    """Words of programs are often known in English alone."""
    page = found(client, "recovery codes")
    assert '<li lang="en" dir="ltr"><a href="/help/learners/start#s-a-second-factor">' in page


def test_signs_alone_are_no_word(client):
    assert "لا تذكر المساعدة شيئًا" in found(client, "\u064b \u0640")
