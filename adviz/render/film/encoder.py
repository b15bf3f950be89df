"""FFmpeg as imageio-ffmpeg brings it: what it is fed, what it makes, and how it ends."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from adviz.errors import AdvizError, needing

_SAID = "said.txt"
_QUIET = ("-hide_banner", "-loglevel", "error", "-y")


def encoded(
    pieces: Iterable[bytes | memoryview],
    texts: Mapping[str, str],
    arguments: Sequence[str],
    result: str,
) -> bytes:
    """Return the file that FFmpeg makes of what it reads from its standard input.

    The arguments name the texts and the result by their names, which are files of a folder that
    is gone afterwards. Raises AdvizError with FFmpeg's last words when it fails; when a piece
    cannot be made, or on an interrupt, it is ended.
    """
    with needing("video", "videos need imageio-ffmpeg"):
        from imageio_ffmpeg import get_ffmpeg_exe
    with TemporaryDirectory(prefix="adviz-") as name:
        folder = Path(name)
        for text, content in texts.items():
            (folder / text).write_text(content, encoding="utf-8")
        with _running([get_ffmpeg_exe(), *_QUIET, *arguments, result], folder) as process:
            _feed(process, pieces)
        if process.returncode:
            raise AdvizError(f"FFmpeg, which makes the video, failed: {_last(folder / _SAID)}")
        return (folder / result).read_bytes()


@contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a folder until it is done, or until something else goes wrong."""
    with (folder / _SAID).open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - FFmpeg with our own arguments
            command, cwd=folder, stdin=subprocess.PIPE, stderr=said
        )
    try:
        yield process
        process.wait()
    finally:
        process.kill()
        process.wait()


def _feed(process: subprocess.Popen[bytes], pieces: Iterable[bytes | memoryview]) -> None:
    """Write pieces into a program's standard input; one that has ended says itself why."""
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with suppress(BrokenPipeError), process.stdin as stream:
        stream.writelines(pieces)


def _last(said: Path) -> str:
    """Return a program's last words."""
    lines = said.read_text("utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
