"""Standard input, output and error: which characters they carry, and what if they are closed."""

from __future__ import annotations

import codecs
import os
import re
import sys
from contextlib import suppress
from typing import TextIO

from adviz.errors import AdvizError
from adviz.language.ascii import in_ascii

_READABLE = "adviz.readable"
"""The name, among Python's ways to handle what an encoding lacks, of printing it readably."""
_RAW = re.compile("[\udc80-\udcff]")
"""Bytes that were no text when they were read, as Python keeps them (PEP 383)."""


def _readably(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what is printed for characters that an encoding lacks, and where it goes on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    if _RAW.match(lacking):
        return bytes([ord(lacking[0]) - 0xDC00]), error.start + 1
    part = _RAW.split(lacking, maxsplit=1)[0]
    return in_ascii(part), error.start + len(part)


codecs.register_error(_READABLE, _readably)


def prepare() -> None:
    """Make both outputs print a readable form of what their encoding lacks.

    One that the shell has closed becomes a stream that nothing can be written to, which is what
    the system says of it.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8"))
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_READABLE)


def carries_unicode(stream: TextIO) -> bool:
    """Return whether a stream can print any character."""
    return codecs.lookup(stream.encoding or "utf-8").name.startswith("utf")


def say(text: str) -> None:
    """Print on standard output; a reader who has gone has read enough.

    Raises AdvizError where it cannot be written to: a full device, a closed stream.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        _hush(sys.stdout)
    except OSError as error:
        _hush(sys.stdout)
        raise unwritable(error) from None


def unwritable(error: OSError) -> AdvizError:
    """Return the error of an output that takes nothing."""
    return AdvizError(f"cannot write to standard output: {error.strerror}")


def tell(text: str) -> None:
    """Print on standard error, if anybody can be told."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        _hush(sys.stderr)


def finish() -> None:
    """Print what still waits to be printed; whatever cannot be, at last, is nobody's error."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _hush(stream)


def _hush(stream: TextIO) -> None:
    """Let a stream that is broken swallow everything, also what waits in its buffer."""
    with suppress(OSError):  # a stream without a file has nothing that waits
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def heard() -> str:
    """Return the text on standard input, which is UTF-8 in any locale.

    Raises AdvizError where there is none, or where it is something else.
    """
    if sys.stdin is None:
        raise AdvizError("there is no standard input to read a formula from")
    try:
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8", errors="strict")
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise AdvizError(
            f"standard input is not text in UTF-8: byte {byte:#x} at offset {error.start}"
        ) from None
    except OSError as error:
        raise AdvizError(f"cannot read standard input: {error.strerror}") from None
