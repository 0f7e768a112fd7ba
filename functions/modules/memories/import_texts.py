"""Every sentence about quotes that are brought along."""

from __future__ import annotations

from collections.abc import Sequence

HOW = (
    'One quote a line: "Waddle on!" - Ana [Club Penguin] [2024-05-01]; or CSV with a first line '
    "such as quote,author,game,date. A form takes 3,000 characters: send more of them, one after "
    "the other. What is here already is not kept twice."
)
NOTHING = "There is no quote in it. Paste one a line."
NO_WORDS_IN_IT = "there are no words in it"
MORE_COLUMNS = "it has more columns than the first line; put its words into quotation marks"
_MOST_TOLD = 3


def brought(kept: Sequence[int], known: int, refused: Sequence[tuple[int, str]]) -> str:
    """`kept` are the numbers that they have here."""
    parts = [_kept(kept)] if kept else ["No quote was kept."]
    parts += [f"{known} {'was' if known == 1 else 'were'} here already."] if known else []
    told = [
        f"quote {number} of the text: {why.rstrip('.')}" for number, why in refused[:_MOST_TOLD]
    ]
    more = len(refused) - len(told)
    told += [f"{more} more"] if more else []
    parts += [f"Not kept: {'; '.join(told)}"] if told else []
    return " ".join(parts)


def _kept(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"1 quote was kept, as #{numbers[0]}."
    return f"{len(numbers)} quotes were kept, as #{min(numbers)} to #{max(numbers)}."
