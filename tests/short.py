"""Writes the player's scripts short, as pages carry them: `python tests/short.py`.

Every module of `adviz/render/player` is minified by itself (its top-level names stay), with
tdewolff-minify (`pip install tdewolff-minify`). Beside the results stand the digests of their
sources, by which a test sees that they are of today.
"""

from __future__ import annotations

import hashlib
import json
import re
from importlib import import_module
from pathlib import Path

PLAYER = Path(__file__).parents[1] / "adviz/render/player"
SHORT = PLAYER / "short"
DIGESTS = SHORT / "sources.json"


def digests() -> dict[str, str]:
    """Return the digest of every module's source."""
    sources = sorted(PLAYER.glob("*.js"))
    return {one.stem: hashlib.sha256(one.read_bytes()).hexdigest() for one in sources}


def shortened(source: str) -> str:
    """Return a module without its imports, minified."""
    minify = import_module("minify")  # of tdewolff-minify, which tests do without
    alone = re.sub(r"^import [^;]*;\n", "", source, flags=re.MULTILINE)
    return str(minify.string("application/javascript", alone))


def main() -> None:
    """Write them anew."""
    short = {name: shortened((PLAYER / f"{name}.js").read_text("utf-8")) for name in digests()}
    SHORT.mkdir(exist_ok=True)
    for old in SHORT.glob("*.js"):
        old.unlink()
    for name, text in short.items():
        (SHORT / f"{name}.js").write_text(f"{text}\n", "utf-8")
    DIGESTS.write_text(json.dumps(digests(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
