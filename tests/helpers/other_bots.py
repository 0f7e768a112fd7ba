"""Files of other bots (tests/fixtures/other_bots), made by hand from their documents: in each a
command that is said, one that is not, and what there is of it that nothing here stands for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[1] / "fixtures" / "other_bots"
FILES = {path.stem: path.read_text("utf-8") for path in sorted(_FOLDER.iterdir())}
"""By form, as they stand."""
CONVERTED, PLACEHOLDER, LOOK = "converted", "placeholder", "needs a look"
EVERY = {"hello": CONVERTED, "calc": PLACEHOLDER, "vips": LOOK}
TOLD = {
    "firebot": {**EVERY, "hey": CONVERTED},
    "nightbot": {**EVERY, "deaths": LOOK},
    "phantombot": {
        **EVERY,
        "hey": CONVERTED,
        "deaths": LOOK,
        "shout": LOOK,
        "cake": LOOK,
        "permcom": LOOK,
    },
    "streamelements": {**EVERY, "hey": CONVERTED},
    "streamlabs-chatbot": {**EVERY, "deaths": LOOK, "pokemon": LOOK},
    "yagpdb": {**EVERY, "cake": LOOK},
}
"""What the report says of each name, last."""


def hostile(form: str, names: list[str], text: str) -> Any:
    """A file of this form whose commands have these names, and say this."""
    effects = {"list": [{"type": "firebot:chat", "message": text}]}
    in_brackets = text.replace("(", "\\(").replace(")", "\\)")
    words: dict[str, tuple[str, dict[str, Any]]] = {
        "firebot": ("trigger", {"effects": effects}),
        "nightbot": ("name", {"message": text}),
        "phantombot": ("key", {"table": "command", "value": in_brackets}),
        "streamelements": ("command", {"reply": text}),
        "streamlabs-chatbot": ("Command", {"Response": text}),
        "yagpdb": ("text_trigger", {"responses": [text]}),
    }
    field, rest = words[form]
    made = [{field: name, **rest} for name in names]
    if form == "firebot":
        return {str(number): row for number, row in enumerate(made)}
    return {"commands": made} if form == "nightbot" else made
