"""What is said of connections."""

from __future__ import annotations


def connection_lost(name: str, service: str, why: str, where: str) -> str:
    """`why` is a sentence, `where` the address at which it is connected again, or of it what is
    known."""
    of = f"{name} on {service}" if name else service
    at = (
        f"at {where}" if "://" in where else f"at {where} of the address that my operator tells you"
    )
    return f"I lost the connection with {of}. {why} Connect it again {at}."


def lent_right_lost(name: str, service: str, why: str, where: str) -> str:
    """Of what an admin let the bot do in their name."""
    return (
        f"I delete nothing in an admin's name any more in {name} on {service}. {why} What a rule "
        f"blocks is left to the moderators there, until an admin lets me again at {where}."
    )


def not_revoked(name: str, service: str) -> str:
    """Of what was disconnected."""
    return (
        f"{name} is disconnected, and I forgot its tokens. {service} did not answer for a day when "
        f"I gave them back: please take me out of the apps there yourself."
    )


def house_connection_lost(name: str, why: str, service: str) -> str:
    """For the operator."""
    return f"The connection with {name} is lost. {why} waddlebot connect {service} says what to do."
