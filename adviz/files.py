"""Writing files: complete or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from adviz.errors import FormatError


def write(path: str | Path, content: bytes) -> None:
    """Write a file through a temporary one beside it, so that no half of it is ever seen.

    Raises FormatError when the folder does not exist or cannot be written.
    """
    target = Path(path)
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise FormatError(f"cannot write {target}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise FormatError(f"cannot write {target}: {error.strerror}") from None


def _umask() -> int:
    """Return the permissions that new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
