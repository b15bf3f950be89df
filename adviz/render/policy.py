"""What a page of ours may do: run its own script in its own looks, and nothing else.

The policy (Content Security Policy, level 3) stands in the page, so it holds wherever the page
lies; a server may send it as a header too. A hash names each script and each style sheet, which
leaves no room for style attributes: what one element alone looks like is a rule of its own.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

_CHARSET = '<meta charset="utf-8">'
_EMBEDDED = re.compile(r"<(style|script)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_DATA = "application/json"
"""The type of a script element that holds data and does not run."""


def protected(page: str) -> str:
    """Return a page with its policy in it, right after the declaration of its characters.

    >>> print(protected('<meta charset="utf-8"><style>p {}</style>')[:92])
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none
    """
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'
    return page.replace(_CHARSET, f"{_CHARSET}\n{meta}", 1)


def policy(page: str) -> str:
    """Return the policy under which a page works as it should, as a header has it.

    >>> policy("<style></style>")[:84]
    "default-src 'none'; style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';"
    """
    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, attributes, text in _EMBEDDED.findall(page):
        if _DATA not in attributes:
            hashes[kind].append(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'")
    sources = {f"{kind}-src": " ".join(dict.fromkeys(found)) for kind, found in hashes.items()}
    allowed = {"default-src": "'none'", **sources, **_ALWAYS}
    return "; ".join(f"{name} {source}" for name, source in allowed.items() if source)


_ALWAYS = {"font-src": "data:", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}


def measured(properties: Mapping[str, str]) -> tuple[str, str]:
    """Return a class and the element that gives it properties: what a style attribute would be.

    >>> measured({"--natural": "3px"})
    ('mc29eec28', '<style>.mc29eec28{--natural:3px}</style>')
    """
    rule = ";".join(f"{name}:{value}" for name, value in properties.items())
    name = f"m{sha256(rule.encode()).hexdigest()[:8]}"
    return name, f"<style>.{name}{{{rule}}}</style>"
