"""Words that would like to be more than words, wherever somebody may write some that OBS shows:
they are read as they stand. What runs says so at `top.ran`, what leaks asks a bad host.
"""

from __future__ import annotations

RAN = "top.ran=1"
AWAY = "https://evil.example.org/leak"

WORDS = (
    f"<script>{RAN}</script>",
    f'<img src=x onerror="{RAN}">',
    f'<svg onload="{RAN}">',
    f'"><iframe srcdoc="<script>{RAN}</script>">',
    f"</span></section><link rel=stylesheet href={AWAY}>",
    f"javascript:{RAN}",
    f"${{{RAN}}}{{{{constructor.constructor('{RAN}')()}}}}",
    f"</style><style>@import '{AWAY}';</style>",
    f"&lt;script&gt;{RAN}&lt;/script&gt;",
    "{name}{amount}{message}__proto__",
)
"""Each as it is read afterwards: on one line, without signs that nobody sees."""

ADDRESSES = (
    f"javascript:{RAN}",
    f"data:text/html,<script>{RAN}</script>",
    "http://evil.example.org/leak",
    "//evil.example.org/leak",
    "https://127.0.0.1/leak",
    "https://evil.example.org:8443/leak",
    "https://user@evil.example.org/leak",
    "blob:https://evil.example.org/leak",
    "https://evil.example.org\\@a.org/leak",
    "file:///etc/passwd",
)
"""In place of pictures, sounds, media and forms."""
