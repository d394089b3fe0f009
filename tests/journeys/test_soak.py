"""The short form of `make soak`: an exam under fire, on the production server, with real crashes."""

from pathlib import Path

from benchmarks.soak.__main__ import Size, run


def test_no_answer_is_lost_and_nothing_happens_twice_while_everything_dies(tmp_path: Path) -> None:
    report = run(Size(learners=12, questions=8, seconds=12, kills=2.5), 20, tmp_path / "log", hurry=True)
    assert not report.broken, "\n".join([*report.broken, *report.lines])
    assert any("2 x Redis wiped" in line for line in report.lines)
