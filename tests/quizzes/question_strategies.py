"""Hypothesis strategies for questions that are fit to be asked (`validate` finds nothing)."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from lms.quizzes.content import (
    FORMATS,
    TRUE_FALSE_OPTIONS,
    ChoiceContent,
    ClozeContent,
    Content,
    Gap,
    OpenContent,
    Text,
    numbered,
)
from lms.quizzes.keys import (
    AcceptedNumber,
    AcceptedText,
    ChoiceKey,
    ClozeKey,
    GapKey,
    Key,
    NumericKey,
    OpenKey,
    OptionMark,
    ShortAnswerKey,
    match_up,
    put_in_order,
)

Question = tuple[Content, Key]

CONTROL = "~=#{}:\\%*[]_-/$ \n"
"""The characters that mean something to GIFT, drawn often."""

formats = st.sampled_from(FORMATS)
words = (
    st.text(
        st.one_of(st.sampled_from(CONTROL), st.characters(exclude_categories=("Cs", "Cc"))),
        min_size=1,
        max_size=12,
    )
    .map(lambda text: text.strip(" "))
    .filter(lambda text: bool(text.strip()) and "->" not in text)
)
lines = words.map(lambda text: text.replace("\n", "").strip(" ")).filter(lambda text: bool(text.strip()))
texts = st.builds(Text, words, formats)
feedback = st.none() | texts
percents = st.integers(-100, 99).map(Decimal) | st.sampled_from([Decimal("33.33333"), Decimal("-12.5")])
credit = st.integers(0, 100).map(Decimal)
numbers = st.decimals(-(10**9), 10**9, places=4)


@st.composite
def singles(draw: st.DrawFn) -> Question:
    weights = draw(st.permutations([Decimal(100), *draw(st.lists(percents, min_size=1, max_size=4))]))
    return _choice(draw, "single", weights)


@st.composite
def multiples(draw: st.DrawFn) -> Question:
    count = draw(st.integers(1, 4))
    right = [Decimal(100) / count] * count if count in (1, 2, 4) else [Decimal("33.333")] * 3
    wrong = draw(st.lists(st.integers(-100, 0).map(Decimal), max_size=3))
    return _choice(draw, "multiple", draw(st.permutations(right + wrong)))


@st.composite
def true_falses(draw: st.DrawFn) -> Question:
    stem, right = draw(texts), draw(st.booleans())
    weights = {"true": Decimal(100 * right), "false": Decimal(100 * (not right))}
    marks = tuple(OptionMark(id, weight, draw(feedback)) for id, weight in weights.items())
    content = ChoiceContent("true_false", stem.text, TRUE_FALSE_OPTIONS, stem.format)
    return content, ChoiceKey("true_false", marks, draw(feedback))


@st.composite
def short_answers(draw: st.DrawFn) -> Question:
    stem = draw(texts)
    first = AcceptedText(draw(words), Decimal(100), draw(feedback))
    others = draw(st.lists(st.builds(AcceptedText, words, credit, feedback), max_size=3))
    key = ShortAnswerKey((first, *others), draw(feedback), draw(st.booleans()))
    return OpenContent("short_answer", stem.text, stem.format), key


@st.composite
def numerics(draw: st.DrawFn) -> Question:
    stem, low, high = draw(texts), *sorted(draw(st.tuples(numbers, numbers)))
    answers = [
        AcceptedNumber(draw(numbers), draw(st.decimals(0, 10, places=3)), feedback=draw(feedback)),
        AcceptedNumber(low=low, high=high, weight=draw(credit), feedback=draw(feedback)),
        AcceptedNumber(weight=Decimal(0), feedback=draw(feedback)),
    ]
    key = NumericKey(tuple(answers[: draw(st.integers(1, 3))]), draw(feedback))
    return OpenContent("numeric", stem.text, stem.format), key


@st.composite
def matchings(draw: st.DrawFn) -> Question:
    choices = draw(st.lists(words, min_size=2, max_size=5, unique=True))
    prompts = draw(st.lists(texts, min_size=1, max_size=5))
    pairs = [(prompt, draw(st.sampled_from(choices))) for prompt in prompts]
    return match_up(draw(texts), pairs, choices, draw(feedback))


@st.composite
def orderings(draw: st.DrawFn) -> Question:
    items = draw(st.lists(texts, min_size=2, max_size=5, unique_by=lambda item: item.text.strip()))
    content, key = put_in_order(draw(texts), items, draw(feedback), partial_credit=draw(st.booleans()))
    said = draw(st.dictionaries(st.sampled_from(sorted(key.order)), texts))
    return content, replace(key, feedback=tuple(sorted(said.items())))


@st.composite
def clozes(draw: st.DrawFn) -> Question:
    asked = draw(st.lists(singles() | short_answers() | numerics(), min_size=1, max_size=4))
    gaps, keys, marks = [], [], []
    for number, (content, key) in enumerate(asked, 1):
        gaps.append(Gap(str(number), content.type, getattr(content, "options", ())))
        keys.append(GapKey(str(number), replace(key, general=None), Decimal(draw(st.integers(1, 3)))))
        marks.append(f"[[{number}]]")
    text = " and ".join(draw(st.permutations(marks)))
    return (
        ClozeContent(text, tuple(gaps), draw(formats)),
        ClozeKey(tuple(keys), draw(feedback), draw(st.booleans())),
    )


@st.composite
def open_questions(draw: st.DrawFn) -> Question:
    stem = draw(texts)
    if draw(st.booleans()):
        return OpenContent("essay", stem.text, stem.format), OpenKey("essay", draw(feedback))
    return OpenContent("description", stem.text, stem.format), OpenKey("description")


questions = st.one_of(
    singles(), multiples(), true_falses(), short_answers(), numerics(), matchings(), open_questions()
)
"""What GIFT can say."""
every_question = st.one_of(questions, orderings(), clozes())


def _choice(draw: st.DrawFn, type: str, weights: list[Decimal]) -> Question:
    stem = draw(texts)
    offered = st.lists(
        texts,
        min_size=len(weights),
        max_size=len(weights),
        unique_by=lambda item: " ".join(item.text.split()),
    )
    options = numbered(draw(offered))
    marks = tuple(OptionMark(o.id, w, draw(feedback)) for o, w in zip(options, weights, strict=True))
    key = ChoiceKey(type, marks, draw(feedback), type == "single" or draw(st.booleans()))
    return ChoiceContent(type, stem.text, options, stem.format), key
