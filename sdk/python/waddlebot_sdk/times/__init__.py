"""Reads how long and when, as people type it: one grammar for rules, limits, labels, reminders.

It is strict: what looks like a time and is not understood is refused with a sentence, never taken
as text, and no word is lost on the way. A text that looks like a time goes into quotes.
"""

from waddlebot_sdk.times.lengths import Length, read_length, say_length, take_length
from waddlebot_sdk.times.looks import looks_like_time, no_length
from waddlebot_sdk.times.moments import Moment, in_zone, say_moment, say_until, take_moment

__all__ = [
    "Length",
    "Moment",
    "in_zone",
    "looks_like_time",
    "no_length",
    "read_length",
    "say_length",
    "say_moment",
    "say_until",
    "take_length",
    "take_moment",
]
