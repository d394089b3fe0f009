"""What is wrong with a question, in the language of whoever looks."""

from lms.core.phrases import in_words
from lms.quizzes.content import Content
from lms.quizzes.keys import Key
from lms.quizzes.validation import validate


def problems(content: Content, key: Key) -> list[str]:
    """What keeps the question from being asked, ready to stand after "question 3: "; empty when nothing."""
    return [in_words(flaw) for flaw in validate(content, key)]
