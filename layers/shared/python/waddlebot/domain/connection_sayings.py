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


def house_connection_lost(name: str, why: str, service: str) -> str:
    """For the operator."""
    return f"The connection with {name} is lost. {why} waddlebot connect {service} says what to do."
