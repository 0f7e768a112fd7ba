"""What a community decides is decided here, once: one function a deed.

A deed takes an edit under way, who asks and what is wanted; it checks every guard, changes, and
says what changed, or raises a Refusal with its sentence. Chat, API and the text form read what was
typed, call the deed and word what came.
"""
