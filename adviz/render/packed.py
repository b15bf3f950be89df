"""A page's markup and script packed into an output cell, beside the picture that they take over.

Every output has all that it needs, so cells may be run in any order, cleared, moved to another
notebook or converted. What it has twice is short when it is packed: a picture as an image, which
stands wherever scripts are taken out or the browser cannot unpack.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from string import Template

_CELL = files("adviz.render") / "player/cell.html"
_HARD = 9


def packed(picture: str, markup: str, script: str) -> str:
    """Return a picture in whose place some markup and its script come as the output is shown.

    >>> shown = packed("<img>", "<p>a</p>" * 1000, "run()")
    >>> shown.count("<img>"), len(shown) < 1000
    (1, True)
    """
    content = json.dumps([markup, script], ensure_ascii=False).encode()
    return Template(_CELL.read_text("utf-8")).substitute(
        name=f"p{sha256(content).hexdigest()[:8]}",
        still=picture,
        packed=b64encode(zlib.compress(content, _HARD)).decode("ascii"),
    )
