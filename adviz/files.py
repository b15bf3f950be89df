"""Files: written whole or not at all, and read where there is one.

A file that is being written stands under a name of its own beside the old one, held by a lock
that ends with its process, and then takes the old one's place at once. So what a killed process
leaves behind is known by its lock being free, and the next writer of that file removes it.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import BinaryIO, TypeVar

from adviz.errors import FormatError

try:
    import fcntl
except ImportError:  # Windows: an open file cannot be removed, nor replaced
    fcntl = None  # type: ignore[assignment]

Form = TypeVar("Form")

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
"""What stands under a name instead of a file."""

_NUMBERED = re.compile(r"\d{3,}\.\w+")
"""The names of files in a folder that is written whole."""

_POURED = {stat.S_IFIFO, stat.S_IFCHR}
"""What takes bytes one after the other, and cannot be replaced."""

_DESCRIPTORS = re.compile(r"/dev|/proc/\d+(/task/\d+)?/fd")
"""The folders whose names mean what a process has open, such as /dev/stdout."""

_BINARY = getattr(os, "O_BINARY", 0)
_AT_ONCE = _BINARY | getattr(os, "O_NONBLOCK", 0)
"""What a file is opened with; the second waits for no other end of a pipe."""


def path_of(path: object) -> Path:
    """Return a file's name as a path.

    Raises FormatError for anything else than a text or a path, and for a text that names nothing.

    >>> path_of("graph.svg").suffix
    '.svg'
    """
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(name, str):
        raise FormatError(f"a file's name is a text or a pathlib.Path, not {_quoted(path)}")
    try:
        found = _spelled(name)
    except UnicodeEncodeError:
        found = ""
    if not found or "\0" in found:
        raise FormatError(
            f"{name!r:.60} names no file: a name has at least one character, none of them a zero "
            "byte or half a character"
        )
    return Path(found)


def _quoted(thing: object) -> str:
    """Return a value as Python writes it, of a long one the beginning; else its type."""
    try:
        return f"{thing!r:.60}"
    except Exception:  # of whatever cannot be written: it is too long, or too deep
        return f"a value of the type {type(thing).__name__}"


def form_of(path: object, forms: Mapping[str, Form], what: str) -> Form:
    """Return the form in which something is written under a name, by the name's suffix.

    Raises FormatError, naming the suffixes there are.

    >>> form_of("costs.txt", {".txt": str}, "costs") is str
    True
    """
    suffix = path_of(path).suffix.lower()
    if suffix not in forms:
        named = suffix or "a file without a suffix"
        raise FormatError(f"cannot write {what} as {named}; use {', '.join(forms)}")
    return forms[suffix]


def _spelled(name: str) -> str:
    """Return a name whose letters are bytes of UTF-8 where the locale has none for them."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return os.fsdecode(name.encode())
    return name


def write(path: object, content: bytes | Iterable[bytes]) -> None:
    """Write a file, so that no half of it is ever seen; what stood there is replaced at the end.

    The new file has the permissions of the one that it replaces, or those that any new file
    gets. A symbolic link stays one: what it leads to is replaced. A pipe or a device is written
    into, when all of the content is there. Content may come in pieces; when one of them cannot
    be made, nothing has changed. Raises FormatError where the file cannot be written.
    """
    target = path_of(path)
    pieces = [content] if isinstance(content, bytes) else content
    try:
        if _is_poured(target):
            _pour(target, b"".join(pieces))
        else:
            _replace(Path(os.path.realpath(target)), pieces)
    except OSError as error:
        raise FormatError(f"cannot write {_shown(target)}: {_reason(error, target)}") from None


@contextmanager
def folder(path: object, is_own: Callable[[str], bool]) -> Iterator[Path]:
    """Yield a new folder, which at the end takes the place of that name, all of it at once.

    What an earlier one may hold is told by `is_own`, file by file. Raises FormatError where it
    holds anything else, or where it cannot be written; what was there is then as it was.

    >>> with folder("steps/", lambda name: name.endswith(".png")) as made:
    ...     _ = (made / "001.png").write_bytes(b"one")
    >>> [one.name for one in Path("steps").iterdir()]
    ['001.png']
    """
    target = Path(os.path.realpath(path_of(path)))
    try:
        _refuse_others(target, is_own)
        with TemporaryDirectory(prefix=".adviz-", dir=target.parent) as apart:
            made = Path(apart, "made")
            made.mkdir()
            yield made
            _take_place(made, target, Path(apart, "before"))
    except OSError as error:
        reason = _reason(error, target)
        raise FormatError(f"cannot write the folder {_shown(target)}: {reason}") from None


def write_folder(path: object, files: Iterable[tuple[str, bytes]]) -> None:
    """Write numbered files into a folder of their own, which takes the place of an earlier one.

    Raises FormatError where anything else is in the folder, or where it cannot be written.

    >>> write_folder("steps/", [("001.png", b"one"), ("002.png", b"two")])
    >>> sorted(one.name for one in Path("steps").iterdir())
    ['001.png', '002.png']
    """
    with folder(path, lambda name: bool(_NUMBERED.fullmatch(name))) as made:
        for name, content in files:
            (made / name).write_bytes(content)


def _refuse_others(target: Path, is_own: Callable[[str], bool]) -> None:
    """Raise FormatError where something would be replaced that is not one's own."""
    if not target.exists():
        return
    if not target.is_dir():
        raise FormatError(f"cannot write the folder {_shown(target)}: a file has this name")
    others = sorted(one.name for one in target.iterdir() if not is_own(one.name))
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise FormatError(
            f"cannot write the folder {_shown(target)}: it holds {others[0]!r:.60}{more}; name one "
            "that is empty or not there yet"
        )


def _take_place(made: Path, target: Path, before: Path) -> None:
    """Put a folder in another one's place, or where there was none."""
    if target.exists():
        target.rename(before)
    try:
        made.rename(target)
    except OSError:
        if before.exists():
            before.rename(target)
        raise


def opened(path: object) -> BinaryIO:
    """Return a file that is open to be read.

    Raises FormatError where it cannot be, or where it is none, such as a pipe, which may never
    end.
    """
    source = path_of(path)
    try:
        kind = _KINDS.get(stat.S_IFMT(source.stat().st_mode))
        if kind:
            said = f"it is {kind}; give the name of a file"
            raise FormatError(f"cannot read {_shown(source)}: {said}")
        return os.fdopen(os.open(source, os.O_RDONLY | _AT_ONCE), "rb")
    except OSError as error:
        raise FormatError(f"cannot read {_shown(source)}: {error.strerror}") from None


def _shown(path: Path) -> str:
    """Return a path for an error, of a long one the end."""
    name = str(path)
    return name if len(name) <= 200 else f"…{name[-60:]}"


def _reason(error: OSError, target: Path) -> str:
    """Return why a file cannot be written, and what is missing."""
    if error.errno == errno.ENOENT:
        folder = Path(os.path.realpath(target) if target.is_symlink() else target).parent
        if not folder.exists():
            return f"there is no folder {_shown(folder)}"
    if error.errno == errno.ENXIO:
        return "nobody reads from this pipe"
    return error.strerror or str(error)


def _is_poured(target: Path) -> bool:
    """Return whether bytes are written into what stands there; refuse what takes none."""
    try:
        kind = stat.S_IFMT(target.stat().st_mode)
    except FileNotFoundError:
        return False
    if kind in _KINDS.keys() - _POURED:
        said = f"it is {_KINDS[kind]}; give the name of a file"
        raise FormatError(f"cannot write {_shown(target)}: {said}")
    return kind in _POURED or bool(_DESCRIPTORS.fullmatch(os.path.realpath(target.parent)))


def _pour(target: Path, content: bytes) -> None:
    """Write into a pipe or a device; one that nobody reads from is not waited for."""
    handle = os.open(target, os.O_WRONLY | os.O_APPEND | _AT_ONCE)
    with os.fdopen(handle, "wb") as stream:
        os.set_blocking(handle, True)
        stream.write(content)


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    """Write a file and put it in another one's place, or where there was none."""
    try:
        old = target.stat()
    except FileNotFoundError:
        old = None
    with _reserved(target, 0o600 if old else 0o666) as (temporary, handle):
        with os.fdopen(handle, "wb", closefd=fcntl is None) as stream:
            stream.writelines(pieces)
        if old:
            _liken(temporary, old)
        temporary.replace(target)


def _liken(path: Path, old: os.stat_result) -> None:
    """Give a file the permissions of another one, and where that is allowed, its owners."""
    if hasattr(os, "chown"):
        with suppress(OSError):
            os.chown(path, old.st_uid, old.st_gid)
    path.chmod(stat.S_IMODE(old.st_mode))


@contextmanager
def _reserved(target: Path, mode: int) -> Iterator[tuple[Path, int]]:
    """Yield a new file beside another one, open; it is removed in the end if it is still there."""
    stem = f".adviz-{sha256(os.fsencode(target.name)).hexdigest()[:16]}-"
    _clear(target.parent, stem)
    path, handle = _locked(target.parent, stem, mode)
    try:
        yield path, handle
    finally:
        path.unlink(missing_ok=True)
        if fcntl is not None:
            os.close(handle)


def _locked(folder: Path, stem: str, mode: int) -> tuple[Path, int]:
    """Return a new file and its descriptor, which holds its lock where there are locks."""
    while True:
        path = folder / f"{stem}{token_hex(8)}"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
        if fcntl is not None:
            with suppress(OSError):  # a file system without locks: nobody else gets one either
                fcntl.flock(handle, fcntl.LOCK_EX)
        if path.exists():
            return path, handle
        os.close(handle)  # another process found it before it was locked, and removed it


def _clear(folder: Path, stem: str) -> None:
    """Remove what killed processes left: what is being written is locked by who writes it."""
    with suppress(OSError):
        left = [entry.path for entry in os.scandir(folder) if entry.name.startswith(stem)]
        for path in left:
            with suppress(OSError):
                _remove_unlocked(Path(path))


def _remove_unlocked(path: Path) -> None:
    if fcntl is None:
        return path.unlink()  # which an open file refuses
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | _AT_ONCE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    finally:
        os.close(handle)
