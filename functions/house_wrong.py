"""What is said of a module of the house that cannot be taken; it costs no import to know it."""


class HouseModuleWrong(Exception):
    """The sentence is for the module's developer: where it is, and what should stand there."""
