"""The film as a video: thirty frames a second, chapters by phase, and its title."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from adviz.render.film import captions
from adviz.render.film.compose import PAN, Composer
from adviz.render.film.encoder import encoded
from adviz.render.film.planes import RATE, ivf
from adviz.render.film.play import Moment, Played, Progress, played
from adviz.render.film.repeats import lengthened_h264, lengthened_vp9

_READ = ("-f", "ivf", "-i", "pipe:", "-fps_mode", "passthrough", "-pix_fmt", "yuv420p")
_KEYS = ("-g", "9999", "-force_key_frames", "expr:gte(t,n_forced*5)")
"""A picture from which a player can start is there every five seconds, if anything changes."""
_COLOURS = (
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    "-color_range", "tv",
)  # fmt: skip
_SAME_BYTES = ("-fflags", "+bitexact", "-flags:v", "+bitexact")
_METADATA, _WORDS = "metadata.txt", "words.srt"


@dataclass(frozen=True)
class Kind:
    """A kind of video file: how its pictures are coded and lengthened, and its subtitles."""

    suffix: str
    coded: str
    """The format in which its pictures come, a frame after the other."""
    pictures: tuple[str, ...]
    lengthened: Callable[[bytes, Sequence[int]], Iterator[bytes]]
    timed: tuple[str, ...]
    """What is to be said of their times where the format has none."""
    joined: tuple[str, ...]
    words: str


MP4 = Kind(
    ".mp4", "h264",
    ("-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-qp", "18"),
    lengthened_h264, ("-framerate", str(RATE)),
    ("-video_track_timescale", str(RATE), "-movflags", "+faststart"),
    "mov_text",
)  # fmt: skip
"""H.264: every program and projector plays it."""
WEBM = Kind(
    ".webm", "ivf",
    (
        "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1",
        "-lag-in-frames", "0", "-auto-alt-ref", "0", "-crf", "20", "-b:v", "0",
    ),
    lengthened_vp9, (), (), "webvtt",
)  # fmt: skip
"""VP9, which is free for everyone, and is what browsers play."""


def moments(made: Composer) -> list[Moment]:
    """Return what of a film is seen in a video: in every frame anew while something moves."""
    return list(_moments(made))


def _moments(made: Composer) -> Iterator[Moment]:
    now, view = 0.0, None
    for shot in made.shots:
        first, now = round(now * RATE), now + shot.seconds
        frames = round(now * RATE) - first
        framed = made.framed(shot)
        if view is not None and view != framed.view(1.0):
            framed = replace(framed, start=view)
        moving = frames if shot.token else min(round(PAN * RATE), frames) * bool(framed.start)
        for k in range(moving):
            yield Moment(framed, (k + 0.5) / frames, 1 / RATE)
        if frames > moving:
            yield Moment(framed, 1.0, (frames - moving) / RATE)
        view = framed.view(1.0)


def video(kind: Kind, made: Composer, progress: Progress | None = None) -> bytes:
    """Return a film as a video; what is said is burnt in, or else a track of subtitles."""
    seen = moments(made)
    counts = [round(moment.seconds * RATE) for moment in seen]
    coded = coded_once(kind, played(made, seen, progress), made.asked.size)
    return _joined(kind, made, kind.lengthened(coded, counts))


def coded_once(kind: Kind, frames: Iterable[Played], size: tuple[int, int]) -> bytes:
    """Return the images of a film in a kind's code, each of them once."""
    arguments = (*_READ, *kind.pictures, *_KEYS, *_COLOURS, *_SAME_BYTES, "-f", kind.coded)
    return encoded(ivf(frames, *size), {}, arguments, f"film.{kind.coded}")


def _joined(kind: Kind, made: Composer, pictures: Iterable[bytes]) -> bytes:
    """Return a file of coded pictures with the film's title and chapters, and what is not shown."""
    scene, seconds = made.scene, made.asked.seconds
    texts = {_METADATA: captions.metadata(scene, seconds)}
    words: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    if "narration" not in made.asked.show:
        texts[_WORDS] = captions.srt(scene, seconds=seconds).decode()
        words, track = ("-i", _WORDS), ("-map", "2:s", "-c:s", kind.words)
    arguments = (
        *kind.timed, "-f", kind.coded, "-i", "pipe:", "-i", _METADATA, *words,
        "-map", "0:v", "-map_metadata", "1", "-map_chapters", "1", *track, "-c:v", "copy",
        *kind.joined, *_SAME_BYTES,
    )  # fmt: skip
    return encoded(pictures, texts, arguments, f"film{kind.suffix}")
