"""The frames of an MP3, one behind the other: tags before and after them are left out.

Source: ISO 11172-3 and 13818-3, layer III; ID3v2.4, section 3; the APEv2 item format. A header that
says how long it is (Xing, VBRI) is not believed: each frame is counted.
"""

from __future__ import annotations

from functions.media.unreadable import Unreadable

_KBITS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By version (1; 2 and 2.5 are alike), of layer III."""
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
"""By the two bits of the version."""
_INFO = (b"Xing", b"Info", b"VBRI")
LEAST_FRAMES = 3
"""Two bytes that look like a header are found in anything."""

NO_FRAMES = "That is no sound that I can read: I take WAV (PCM), Ogg (Vorbis, Opus) and MP3."
BROKEN = "The MP3 is broken, or something else hangs on it."


def mpeg_frames(content: bytes) -> tuple[bytes, float]:
    """They and their seconds. Raises Unreadable: something else is between them."""
    at, end = _after_tags(content), _before_tags(content)
    frames: list[bytes] = []
    length, seconds = 0, 0.0
    while at < end:
        length, lasts = _frame(content[at : at + 4])
        if not length or at + length > end:
            break
        frames.append(content[at : at + length])
        seconds += lasts
        at += length
    if len(frames) < LEAST_FRAMES:
        raise Unreadable(NO_FRAMES)
    if _is_more(content[at:end], length):
        raise Unreadable(BROKEN)
    # The first may hold no sound but figures about all of it, which are no longer right.
    if any(name in frames[0][:200] for name in _INFO):
        seconds -= _frame(frames[0][:4])[1]
        frames = frames[1:]
    return b"".join(frames), seconds


def _frame(header: bytes) -> tuple[int, float]:
    """Bytes and seconds of the frame that begins so; none where it is no header of layer III."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0, 0.0
    version, kbits, rate = header[1] >> 3 & 3, header[2] >> 4, header[2] >> 2 & 3
    if version not in _RATES or kbits in {0, 15} or rate == 3:
        return 0, 0.0
    bits, samples = _KBITS[1 if version == 3 else 2][kbits] * 1000, 1152 if version == 3 else 576
    hertz = _RATES[version][rate]
    return samples // 8 * bits // hertz + (header[2] >> 1 & 1), samples / hertz


def _after_tags(content: bytes) -> int:
    """Behind ID3v2, of which there may be several; what it says of its length is 28 bits."""
    at = 0
    while content[at : at + 3] == b"ID3" and len(content) >= at + 10:
        size = content[at + 6 : at + 10]
        if any(byte & 0x80 for byte in size):
            raise Unreadable(BROKEN)
        length = size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]
        footer = 10 if content[at + 5] & 0x10 else 0
        at += 10 + length + footer
    while at < len(content) and content[at] == 0:  # what a tag left room for
        at += 1
    return at


def _before_tags(content: bytes) -> int:
    """Before ID3v1 and APE."""
    end = len(content)
    if content[end - 128 : end - 125] == b"TAG":
        end -= 128
    if content[end - 32 : end - 24] == b"APETAGEX":
        length = int.from_bytes(content[end - 20 : end - 16], "little")
        has_header = content[end - 9] & 0x80
        end = max(end - length - (32 if has_header else 0), 0)
    return end


def _is_more(rest: bytes, length: int) -> bool:
    """Whether there is more behind the last whole frame than a frame that was cut off, or zeros."""
    is_cut = length > 0 and len(rest) < length
    return bool(rest.strip(b"\0")) and not is_cut
