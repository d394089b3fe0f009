"""The short form of `make soak`: an exam and completions under fire, on the production server, with real crashes."""

from pathlib import Path

from benchmarks.soak import completions
from benchmarks.soak.__main__ import Size, run


def test_no_answer_is_lost_and_nothing_happens_twice_while_everything_dies(tmp_path: Path) -> None:
    report = run(Size(learners=12, questions=8, seconds=12, kills=2.5), 20, tmp_path / "log", hurry=True)
    assert not report.broken, "\n".join([*report.broken, *report.lines])
    assert any("2 x Redis wiped" in line for line in report.lines)


def test_each_completion_brings_one_certificate_one_letter_and_one_message_while_workers_die(
    tmp_path: Path,
) -> None:
    report = completions.run(16, 10, 2.5, 20, tmp_path / "log", hurry=True)
    assert not report.broken, "\n".join([*report.broken, *report.lines])
    assert any("32 webhook messages accepted once" in line for line in report.lines)
