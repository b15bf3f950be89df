"""Object code kept on disk between runs: found under a hash, believed where it is ours and whole.

It will be run, so nobody but the user may have been able to write it: the folder is the user's, and
closed to everybody else, or it is not used.
"""

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
    """Return stored object code, or None where there is none that is ours alone and whole."""
    try:
        content = _content(f"{key}.o")
    except (OSError, RuntimeError):
        return None
    seal, code = content[:_DIGEST], content[_DIGEST:]
    return code if seal == _seal(key, code) else None


def write(key: str, code: bytes) -> None:
    """Store object code if that is possible, where nobody else can reach it."""
    try:
        place = folder()
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            os.close(_private(place))
        path = place / f"{key}.o"
        files.write(path, _seal(key, code) + code)
        path.chmod(0o600)
        _prune(place)
    except (OSError, RuntimeError, AdvizError):
        return


def _content(name: str) -> bytes:
    if sys.platform == "win32":  # where a user's folders are closed to others
        return (folder() / name).read_bytes()
    place = _private(folder())
    try:
        handle = _opened(name, os.O_NOFOLLOW, forbidden=0o022, within=place)
    finally:
        os.close(place)
    with os.fdopen(handle, "rb") as stream:
        return stream.read()


def _private(place: Path) -> int:
    return _opened(place, os.O_DIRECTORY, forbidden=0o077)


def _opened(path: str | Path, flags: int, forbidden: int, within: int | None = None) -> int:
    """Return what was opened, of which owner and mode are looked at: a path may change its target.

    Raises PermissionError where it is another user's, or others have forbidden permissions.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags, dir_fd=within)
    state = os.fstat(handle)
    if state.st_uid != os.getuid() or state.st_mode & forbidden:
        os.close(handle)
        raise PermissionError(f"{path} is open to others")
    return handle


def _seal(key: str, code: bytes) -> bytes:
    return sha256(key.encode() + code).digest()


def _prune(place: Path) -> None:
    """Remove the older half of too many files."""
    stored = list(place.glob("*.o"))
    if len(stored) > MOST:
        for path in sorted(stored, key=lambda path: path.stat().st_mtime)[: MOST // 2]:
            path.unlink(missing_ok=True)
