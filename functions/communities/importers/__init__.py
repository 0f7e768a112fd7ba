"""Files of other bots, made the community's text: a file a format, which is a `read`.

`read` takes what stands in the JSON and says all that is in it, in order. Raises NotReadable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from functions.communities.importers import (
    firebot,
    nightbot,
    phantombot,
    streamelements,
    streamlabs_chatbot,
    yagpdb,
)
from functions.communities.importers.found import Found

Read = Callable[[Any], Iterable[Found]]
FORMATS: Mapping[str, Read] = {
    "firebot": firebot.read,
    "nightbot": nightbot.read,
    "phantombot": phantombot.read,
    "streamelements": streamelements.read,
    "streamlabs-chatbot": streamlabs_chatbot.read,
    "yagpdb": yagpdb.read,
}
"""By the name that stands in the address."""
