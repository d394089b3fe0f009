"""Lesson text: what an author writes and what a reader gets."""

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.courses.markdown import Heading, Link, Rendered, labels_for, render, slugify, title_of

FILES = {"photo.png": Link("/a/photo.png", 640, 480), "page.md": Link("/p"), "talk.mp4": Link("/a/talk.mp4")}

ALLOWED_TAGS = """
    a abbr b blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr i img li ol p pre q s section span
    strong sub sup table tbody td th thead tr u ul"""
ALLOWED_ATTRIBUTES = """
    alt aria-label class data-lang decoding dir height href id loading rel role scope src start tabindex title
    width"""
MATH_TAGS = "annotation math mfrac mi mn mo mover mrow msub msubsup msup mtext semantics"
MATH_ATTRIBUTES = "display encoding lspace rspace stretchy"
TAGS = set(f"{ALLOWED_TAGS} {MATH_TAGS}".split())
ATTRIBUTES = set(f"{ALLOWED_ATTRIBUTES} {MATH_ATTRIBUTES}".split())


def shown(source: str) -> Rendered:
    return render(source, link=FILES.get)


def test_the_first_heading_is_the_title_and_the_rest_nest_below_it() -> None:
    text = shown("# My *lesson*\n\n#### Deep\n\n## Wide\n\n# Second\n\n### Third")
    assert text.title == "My lesson"
    assert [h.level for h in text.headings] == [2, 2, 2, 3]
    assert "<h1" not in text.html and "My" not in text.html
    assert title_of("intro\n\n# My *lesson*\n") == "My lesson"


def test_a_hash_in_code_is_no_title() -> None:
    assert title_of("```sh\n# install\n```\n") is None
    assert title_of("#\n\ntext") is None


def test_two_headings_of_one_name_are_two_places() -> None:
    text = shown("## Progress\n\n## Progress\n\n[second](#progress-1)")
    assert text.headings == (Heading(2, "s-progress", "Progress"), Heading(2, "s-progress-1", "Progress"))
    assert '<a href="#s-progress-1">second</a>' in text.html


def test_an_empty_heading_is_no_heading() -> None:
    assert shown("##\n\ntext").headings == ()


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("What is the 'Internet of Things'?", "what-is-the-internet-of-things"),
        ("Task - classify", "task---classify"),
        ("🚀 Challenge", "-challenge"),
        ("مقدمة في الشبكات", "مقدمة-في-الشبكات"),
    ],
)
def test_anchors_are_those_of_github(heading: str, anchor: str) -> None:
    assert slugify(heading) == anchor


def test_a_link_to_a_missing_place_is_told_and_reads_on() -> None:
    text = shown("[there](#nowhere)")
    assert text.html == "<p><span>there</span></p>\n"
    assert [(f.kind, f.target) for f in text.findings] == [("anchor", "#nowhere")]


def test_relative_targets_are_resolved_also_in_html() -> None:
    text = shown('[page](page.md) ![A cat](photo.png) <a href="page.md">x</a> <img src="photo.png" alt="y">')
    assert text.html.count('href="/p"') == 2
    assert text.html.count('src="/a/photo.png"') == 2
    assert 'alt="A cat" width="640" height="480"' in text.html
    assert 'loading="lazy" decoding="async"' in text.html
    assert text.findings == ()


def test_a_missing_target_keeps_its_words() -> None:
    text = shown("[the page](gone.md) and ![a cat](gone.png)")
    assert text.html == "<p><span>the page</span> and a cat</p>\n"
    assert text.unresolved == ("gone.md", "gone.png")


def test_an_image_without_description_is_told() -> None:
    text = shown("![](photo.png)")
    assert 'alt=""' in text.html
    assert [f.kind for f in text.findings] == ["alt"]


def test_the_author_sets_the_width_and_the_proportions_stay() -> None:
    assert 'width="320" height="240"' in shown("![c](photo.png){width=320}").html
    assert "onclick" not in shown("![c](photo.png){onclick=x .big #main}").html


def test_nothing_is_loaded_from_another_host() -> None:
    text = shown(
        "[![A talk](https://img.youtube.com/vi/x/0.jpg)](https://youtu.be/x)\n\n"
        "![chart](https://example.org/c.png)\n\n"
        '<iframe src="https://www.youtube-nocookie.com/embed/abc" title="Film"></iframe>\n\n'
        '<video src="https://example.org/v.mp4"></video>'
    )
    assert "src=" not in text.html
    assert text.html.count('class="link-card"') == 4
    assert 'href="https://www.youtube.com/watch?v=abc"' in text.html and "Film" in text.html
    assert '<span class="link-card-title">A talk</span>' in text.html


def test_links_to_other_sites_tell_them_nothing() -> None:
    assert 'rel="noopener noreferrer"' in shown("[x](https://example.org)").html
    assert "rel=" not in shown("[x](page.md)").html


def test_an_own_film_plays_here() -> None:
    text = shown("![A talk](talk.mp4)")
    assert '<video aria-label="A talk" src="/a/talk.mp4" controls="" preload="metadata"></video>' in text.html


def test_tables_and_code_can_be_reached_by_keyboard() -> None:
    text = shown("| | b |\n|--|:-:|\n| 1 | 2 |\n\n```python\nx = 1\n```\n")
    assert '<div class="table-wrap" tabindex="0" role="region" aria-label="Table 1"><table>' in text.html
    assert '<td></td>\n<th class="align-center" scope="col">b</th>' in text.html
    assert '<pre class="code" dir="ltr" tabindex="0" data-lang="python">' in text.html


def test_code_is_marked_by_class_and_unchanged() -> None:
    text = shown("```python\ndef f():\n    return '<b>'\n```\n\n```klingon\n<b>\n```\n")
    assert '<span class="k">def </span><span class="f">f</span>' in text.html
    assert "&lt;b&gt;\n</code>" in text.html
    assert "style=" not in text.html


def test_callouts_footnotes_tasks_and_definitions() -> None:
    text = shown("> [!WARNING]\n> Hot\n\n- [x] done\n- [ ] open\n\nx[^1]\n\n[^1]: foot\n\nterm\n: meaning\n")
    assert '<aside class="callout callout-warning" role="note"><p class="callout-title">W' in text.html
    assert text.html.count("Warning") == 1
    assert '<li class="task-list-item"><span class="task" role="img" aria-label="Done">☑' in text.html
    assert 'aria-label="Done">☑' in text.html and 'aria-label="To do">☐' in text.html
    assert 'href="#s-fn1"' in text.html and 'id="s-fn1"' in text.html
    assert "<dt>term</dt>" in text.html


def test_a_course_in_arabic_has_arabic_labels() -> None:
    text = render("> [!TIP]\n> نص", link=FILES.get, labels=labels_for("ar-EG"))
    assert "نصيحة" in text.html


def test_placeholders_in_angle_brackets_stay_readable() -> None:
    assert "Enter &lt;your name&gt; here" in shown("Enter <your name> here").html
    assert "&lt;voice name='x'&gt;" in shown("<voice name='x'>\n").html


def test_formulas_are_drawn_by_the_browser_and_keep_their_tex() -> None:
    html = shown("so $a_1 < b$ holds").html
    assert "<semantics><mrow><msub><mi>a</mi><mn>1</mn></msub>" in html and 'dir="ltr"' in html
    assert '<annotation encoding="application/x-tex">a_1 &lt; b</annotation>' in html
    block = shown("$$\n\\frac{1}{2}\n$$").html
    assert block.startswith('<div class="math" dir="ltr" tabindex="0"><math')
    assert "<mfrac><mn>1</mn><mn>2</mn></mfrac>" in block


def test_columns_of_a_formula_are_aligned_without_inline_styles() -> None:
    html = shown("$$\\begin{aligned}a&=b\\\\c&=d\\end{aligned}$$").html
    assert '<mtd class="align-right">' in html and " style=" not in html


TANGLED = "it is too long, too deeply nested, or leaves too many brackets open"


@pytest.mark.parametrize(
    ("tex", "why"),
    [
        ("\\foo", 'Unknown command "\\foo".'),
        ("\\frac{a", 'Expected closing token "}", but reached end of input.'),
        ("\\def\\a{\\a\\a}\\a", "Too many expansions of custom commands."),
        ("{" * 900 + "}" * 900, TANGLED),
        ("(" * 40, TANGLED),
        ("({)}" * 40, TANGLED),
        ("\\langle x " * 40, TANGLED),
        ("x" * 3_000, TANGLED),
    ],
    ids=["unknown", "open", "endless", "deep", "brackets", "crossed", "named", "long"],
)
def test_what_is_no_formula_stays_as_it_was_written_and_is_told(tex: str, why: str) -> None:
    text = shown(f"so $${tex}$$ holds")
    assert "<math" not in text.html and 'class="math"' in text.html
    (finding,) = text.findings
    assert (finding.kind, finding.target.strip("$")) == ("math", tex) and finding.why.startswith(why)


def test_formulas_are_no_words_and_no_markup_of_the_author() -> None:
    assert shown("three $x + y$ words").words == 2
    assert "<math" not in shown("<math><mi>x</mi></math>").html


def test_money_is_no_formula() -> None:
    assert "math" not in shown("It costs $5 or US$10, never $20.").html


def test_words_are_counted_without_code() -> None:
    assert shown("# Title\n\nIt's three words\n\n```\nnot these\n```").words == 3
    assert shown("学习中文").words == 4


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="#*_`[]()<>!|-~$:{}^&;\n \"'ab/1=.", max_size=200))
def test_any_text_renders_the_same_each_time_and_within_the_allowed(source: str) -> None:
    first = shown(source)
    assert first == shown(source)
    assert nh3.clean(first.html, tags=TAGS, attributes={"*": ATTRIBUTES}, link_rel=None) == first.html
