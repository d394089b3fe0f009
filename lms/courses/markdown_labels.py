"""The few words that rendering adds to an author's text, in the text's own language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Labels:
    note: str = "Note"
    tip: str = "Tip"
    important: str = "Important"
    warning: str = "Warning"
    caution: str = "Caution"
    table: str = "Table"
    footnotes: str = "Footnotes"
    back: str = "Back to the text"
    done: str = "Done"
    to_do: str = "To do"


ENGLISH = Labels()
ARABIC = Labels(
    note="ملاحظة",
    tip="نصيحة",
    important="مهم",
    warning="تحذير",
    caution="تنبيه",
    table="جدول",
    footnotes="الحواشي",
    back="العودة إلى النص",
    done="تم",
    to_do="لم يتم بعد",
)


def labels_for(language: str) -> Labels:
    """The labels for a BCP 47 language tag; English where there is no translation yet."""
    return ARABIC if language.split("-")[0].lower() == "ar" else ENGLISH
