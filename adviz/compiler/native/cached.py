"""Object code kept on disk between runs: found under a hash, believed only where it is whole."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

from adviz import files
from adviz.errors import AdvizError

FORMAT = "adviz 1"
"""Changes when object code of before must not be used any more."""
MOST = 1000
"""How many files may stand in the folder before the oldest half goes."""
_DIGEST = 32


def key(*facts: str) -> str:
    """Return the name under which object code that depends on these facts is stored."""
    return sha256("\0".join((FORMAT, *facts)).encode()).hexdigest()


def folder() -> Path:
    """Return the folder of stored object code: below XDG_CACHE_HOME, or as the platform has it."""
    home = os.environ.get("XDG_CACHE_HOME")
    if not home and sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path("~/.cache").expanduser()) / "adviz"


def read(key: str) -> bytes | None:
    """Return stored object code, or None where there is none that is ours and whole."""
    try:
        path = folder() / f"{key}.o"
        content = path.read_bytes()
        ours = not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()
    except (OSError, RuntimeError):
        return None
    seal, code = content[:_DIGEST], content[_DIGEST:]
    return code if ours and seal == _seal(key, code) else None


def write(key: str, code: bytes) -> None:
    """Store object code if that is possible."""
    try:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.write(place / f"{key}.o", _seal(key, code) + code)
        _prune(place)
    except (OSError, RuntimeError, AdvizError):
        return


def _seal(key: str, code: bytes) -> bytes:
    return sha256(key.encode() + code).digest()


def _prune(place: Path) -> None:
    """Remove the older half of too many files."""
    stored = list(place.glob("*.o"))
    if len(stored) > MOST:
        for path in sorted(stored, key=lambda path: path.stat().st_mtime)[: MOST // 2]:
            path.unlink(missing_ok=True)
