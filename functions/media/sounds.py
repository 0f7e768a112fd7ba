"""A sound as the house writes it: what is heard, and no tag, cover or anything that hangs on it.

By its content: WAV is read and written by Python's own `wave`, Ogg's tags are taken out by mutagen,
and of MP3 the frames are written that are one behind the other (mpeg_frames.py).
"""

from __future__ import annotations

import io
import wave
from typing import Any

from mutagen.ogg import OggPage
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from functions.media.mpeg_frames import mpeg_frames
from functions.media.unreadable import Unreadable
from functions.media.wave_heads import FLOAT, with_plain_head
from waddlebot.domain.media_files import ReadBack

MOST_SECONDS = 10.0
SLACK_SECONDS = 0.1
"""An encoder fills its last frame up."""
MOST_BITS_A_SECOND = 640_000
"""Of Ogg: a file that says it is shorter than it is would have more."""

NO_SOUND = "That is no sound that I can read: I take WAV (PCM), Ogg (Vorbis, Opus) and MP3."
TOO_LONG = "A sound has at most 10 seconds."
WAVES = "A WAV has one or two channels, and 8,000 to 96,000 samples a second."
FLOATS = "That WAV is in floating point: save it as PCM, of 16 or 24 bits."
EMPTY = "There is no sound in it."


def read_sound(content: bytes) -> tuple[bytes, ReadBack]:
    """Raises Unreadable."""
    try:
        written, ending, seconds = _read(content)
    except Unreadable:
        raise
    except Exception as error:  # whatever a parser says of what strangers made
        raise Unreadable(NO_SOUND) from error
    if seconds > MOST_SECONDS + SLACK_SECONDS:
        raise Unreadable(TOO_LONG)
    if seconds <= 0 or not written:
        raise Unreadable(EMPTY)
    return written, ReadBack(ending=ending, size=len(written), seconds=round(seconds, 3))


def _read(content: bytes) -> tuple[bytes, str, float]:
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return _wav(content)
    if content[:4] == b"OggS":
        return _ogg(content)
    frames, seconds = mpeg_frames(content)
    return frames, "mp3", seconds


def _wav(content: bytes) -> tuple[bytes, str, float]:
    """As many frames as are there, whatever the header says."""
    content, kind = with_plain_head(content)
    if kind == FLOAT:
        raise Unreadable(FLOATS)
    with wave.open(io.BytesIO(content), "rb") as read:
        told = read.getparams()
        _check_wave(told.nchannels, told.sampwidth, told.framerate)
        frames = read.readframes(told.nframes)
    whole = len(frames) - len(frames) % (told.nchannels * told.sampwidth)
    seconds = whole / (told.nchannels * told.sampwidth * told.framerate)
    out = io.BytesIO()
    with wave.open(out, "wb") as written:
        written.setnchannels(told.nchannels)
        written.setsampwidth(told.sampwidth)
        written.setframerate(told.framerate)
        written.writeframes(frames[:whole])
    return out.getvalue(), "wav", seconds


def _check_wave(channels: int, width: int, rate: int) -> None:
    if channels not in {1, 2} or width not in {1, 2, 3, 4} or not 8_000 <= rate <= 96_000:
        raise Unreadable(WAVES)


def _ogg(content: bytes) -> tuple[bytes, str, float]:
    """Its tags go; of pages there is one stream, one behind the other up to the end."""
    file = io.BytesIO(content)
    kind = OggOpus if b"OpusHead" in content[:128] else OggVorbis
    sound: Any = kind(file)
    seconds = float(sound.info.length)
    if len(content) * 8 > max(seconds, 1.0) * MOST_BITS_A_SECOND:
        raise Unreadable(TOO_LONG)
    file.seek(0)
    sound.delete(file)
    return _pages(file.getvalue()), "ogg", seconds


def _pages(content: bytes) -> bytes:
    """Raises Unreadable, or what mutagen says of what is no page."""
    file, out, streams = io.BytesIO(content), io.BytesIO(), set[int]()
    while file.tell() < len(content):
        page: Any = OggPage(file)  # type: ignore[no-untyped-call]
        streams.add(page.serial)
        out.write(page.write())
    if len(streams) != 1:
        raise Unreadable(NO_SOUND)
    return out.getvalue()
