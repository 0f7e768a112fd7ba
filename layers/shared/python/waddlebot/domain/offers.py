"""What stands below a reply to be pressed, chosen from or filled in, each with its signed id.

By itself, as ingress reads it and no more of the words; platforms dress it.
"""

from __future__ import annotations

import msgspec


class OfferedButton(msgspec.Struct, frozen=True, kw_only=True):
    """`style` is `plain`, `main` or `danger`."""

    id: str
    label: str
    style: str = "plain"


class OfferedOption(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    value: str
    about: str = ""


class OfferedMenu(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    placeholder: str
    options: tuple[OfferedOption, ...]


class OfferedField(msgspec.Struct, frozen=True, kw_only=True):
    """`long` takes several lines; `value` stands in it already."""

    name: str
    label: str
    long: bool = False
    required: bool = True
    value: str = ""
    placeholder: str = ""
    most_characters: int = 3000


class OfferedForm(msgspec.Struct, frozen=True, kw_only=True):
    """`id` comes back with what was filled in. `opener` is the button that opens the form where it
    cannot be opened at once.
    """

    id: str
    title: str
    text: str
    submit: str
    fields: tuple[OfferedField, ...]
    opener: OfferedButton


class Offering(msgspec.Struct, frozen=True, kw_only=True):
    """One of the four. `finder` says above a field that what may be typed is found in it."""

    buttons: tuple[OfferedButton, ...] = ()
    menu: OfferedMenu | None = None
    form: OfferedForm | None = None
    finder: str = ""

    @property
    def below(self) -> tuple[OfferedButton, ...]:
        """The buttons of its message; of a form the one that opens it."""
        return (self.form.opener,) if self.form else self.buttons
