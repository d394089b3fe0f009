"""The fixed words of a certificate, in the languages it is issued in."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One language's words; `months` from January on, `hours` takes the figure as `{hours}`, `criteria` the `{course}`."""

    direction: str
    heading: str
    presented: str
    completed: str
    one_hour: str
    hours: str
    taught_by: str
    joiner: str
    date: str
    number: str
    verify: str
    criteria: str
    months: tuple[str, ...]

    def day(self, day: dt.date) -> str:
        """`day` written out, such as 14 March 2026."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def course_length(self, hours: int) -> str:
        """The workload in words, such as 24 hours."""
        return self.one_hour if hours == 1 else self.hours.format(hours=hours)


WORDS = {
    "en": Words(
        direction="ltr",
        heading="Certificate of Completion",
        presented="This is to certify that",
        completed="has successfully completed the course",
        one_hour="1 hour",
        hours="{hours} hours",
        taught_by="Taught by",
        joiner=", ",
        date="Completed on",
        number="Certificate number",
        verify="Scan or visit to verify",
        criteria=(
            "Complete the required lessons, quizzes and assignments of the course “{course}”, "
            "or show its instructors the same in another way."
        ),
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
    ),
    "ar": Words(
        direction="rtl",
        heading="شهادة إتمام",
        presented="يشهد هذا المستند بأن",
        completed="قد أتمّ بنجاح دورة",
        one_hour="ساعة واحدة",
        hours="عدد الساعات: {hours}",
        taught_by="بإشراف",
        joiner="، ",
        date="تاريخ الإتمام",
        number="رقم الشهادة",
        verify="للتحقق امسح الرمز أو زر الرابط",
        criteria=(
            "إتمام الدروس والاختبارات والواجبات المطلوبة في دورة «{course}»، "
            "أو إثبات ذلك للمدرّسين بطريقة أخرى."
        ),
        months=(
            *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
            *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
        ),
    ),
}
