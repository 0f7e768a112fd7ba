from __future__ import annotations

import itertools

from bench.chat_log import quiet_lines, replay, sample


def test_the_sample_is_chat_of_many_kinds() -> None:
    texts = [line.text for line in sample()]

    assert len(texts) >= 300
    assert any("https://" in text for text in texts)
    assert any("🐧" in text for text in texts)
    assert any(text.isupper() and len(text) > 10 for text in texts)
    assert any("こ" in text for text in texts)
    assert any("п" in text for text in texts)
    assert 0.015 <= sum(line.is_command for line in sample()) / len(texts) <= 0.025


def test_no_quiet_line_comes_twice_and_none_is_a_command() -> None:
    lines = list(itertools.islice(quiet_lines(), 5_000))

    assert len({line.text for line in lines}) == len(lines)
    assert not any(line.is_command for line in lines)


def test_a_replay_keeps_the_commands_of_the_log() -> None:
    lines = list(itertools.islice(replay(), len(sample())))

    assert [line.is_command for line in lines] == [line.is_command for line in sample()]
