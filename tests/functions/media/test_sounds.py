"""Sounds that were uploaded: what is written of them, and what is not taken."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from mutagen.oggopus import OggOpus

from functions.media.mpeg_frames import BROKEN, NO_FRAMES
from functions.media.sounds import EMPTY, FLOATS, NO_SOUND, TOO_LONG, WAVES, read_sound
from functions.media.unreadable import Unreadable
from tests.helpers.media_samples import id3, mp3, opus, png, wav, wav_of_a_studio


def test_a_wav_keeps_what_is_heard_and_nothing_else() -> None:
    clean = wav(0.5)
    tagged = clean + b"LIST" + struct.pack("<I", 12) + b"INFOwhere I "
    content, found = read_sound(tagged)
    assert content == clean
    assert (found.ending, found.seconds, found.size) == ("wav", 0.5, len(clean))


def test_a_wav_whose_header_lies_is_as_long_as_it_is() -> None:
    """It says that two gigabytes of sound come, and half a second does."""
    lying = bytearray(wav(0.5))
    lying[40:44] = struct.pack("<I", 2_000_000_000)
    content, found = read_sound(bytes(lying))
    with wave.open(io.BytesIO(content)) as read:
        assert read.getnframes() == 11_025
    assert found.seconds == 0.5


def test_a_wav_of_24_bits_is_taken_as_programs_for_sound_write_it() -> None:
    content, found = read_sound(wav_of_a_studio())
    assert (found.ending, found.seconds) == ("wav", 0.1)
    with wave.open(io.BytesIO(content)) as read:
        assert (read.getsampwidth(), read.getframerate()) == (3, 48_000)


def test_an_mp3_loses_its_tags_of_all_kinds() -> None:
    ape = b"APETAGEX" + struct.pack("<IIII", 2000, 32, 0, 0) + bytes(8)
    tagged = id3(5_000) + mp3(40) + ape + b"TAG" + bytes(125)
    content, found = read_sound(tagged)
    assert content == mp3(40)
    assert found.ending == "mp3"
    assert found.seconds == pytest.approx(40 * 1152 / 44_100, abs=0.001)


def test_what_an_mp3_says_of_its_length_is_not_believed() -> None:
    """A Xing header that says one frame; there are twenty seconds."""
    first = bytearray(mp3(1))
    first[36:52] = b"Xing" + struct.pack(">III", 1, 1, 0)
    with pytest.raises(Unreadable, match="10 seconds"):
        read_sound(bytes(first) + mp3(800))


def test_an_ogg_loses_its_tags() -> None:
    tagged = opus(25)
    assert b"where I live" in tagged
    content, found = read_sound(tagged)
    assert b"where I live" not in content
    assert not OggOpus(io.BytesIO(content)).tags
    assert (found.ending, found.seconds) == ("ogg", pytest.approx(0.5))


def many_channels() -> bytes:
    made = bytearray(wav())
    made[22:24] = struct.pack("<H", 999)
    return bytes(made)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a picture", png(), NO_FRAMES),
        ("html called .mp3", b"<script>alert(1)</script>" * 9, NO_FRAMES),
        ("eleven seconds", wav(11, 8_000), TOO_LONG),
        ("an mp3 of twenty seconds", mp3(800), TOO_LONG),
        ("an ogg of twenty seconds", opus(25, position=20 * 48_000), TOO_LONG),
        ("no sound in it", wav(0), EMPTY),
        ("cut off in its head", wav()[:30], NO_SOUND),
        ("an ogg that is cut off", opus()[:-20], NO_SOUND),
        ("an ogg with html behind it", opus() + b"<script>alert(1)</script>", NO_SOUND),
        ("an mp3 with html behind it", mp3() + b"<script>alert(1)</script>" * 40, BROKEN),
        ("a tag alone, of 900 kB", id3(900_000), NO_FRAMES),
        ("a tag that says it goes on for ever", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + mp3(), NO_FRAMES),
        ("a wav of 999 channels", many_channels(), WAVES),
        ("a wav in floating point", wav_of_a_studio(3), FLOATS),
        ("nothing", b"\0", NO_FRAMES),
        ("midi", b"MThd\0\0\0\6\0\0\0\1\0\x60", NO_FRAMES),
    ],
)
def test_what_is_none_or_too_long_is_refused_with_a_sentence(
    name: str, content: bytes, why: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        read_sound(content)
    assert str(refused.value) == why, name
