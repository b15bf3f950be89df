"""The film as a video: thirty frames a second of what moves, chapters by phase, and its title."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from adviz.render.film import captions
from adviz.render.film.compose import PAN, Composer
from adviz.render.film.encoder import encoded
from adviz.render.film.planes import RATE, Planes, bt709, ivf
from adviz.render.film.play import Moment, Progress, Projector, projected
from adviz.render.film.sprites import Sprites

_COLOURS = (
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    "-color_range", "tv",
)  # fmt: skip
"""Said of what is read, so that nothing has to be made of it again."""
_READ = (*_COLOURS, "-f", "ivf", "-i", "pipe:", "-i", "metadata.txt")
_TIMES = ("-fps_mode", "passthrough", "-pix_fmt", "yuv420p")
"""A picture that stands still is one frame, however long it is seen: repeated thirty times a second
it would look the same and cost more than all that moves."""
_KEYS = ("-g", "9999", "-force_key_frames", "expr:gte(t,n_forced*5)")
"""A picture from which a player can start is there every five seconds, if anything changes."""
_SAME_BYTES = ("-fflags", "+bitexact", "-flags:v", "+bitexact")


@dataclass(frozen=True)
class Kind:
    """A kind of video file: how its pictures are coded, its file made, and its subtitles coded."""

    suffix: str
    pictures: tuple[str, ...]
    file: tuple[str, ...]
    words: str


MP4 = Kind(
    ".mp4",
    (
        "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline", "-qp", "18",
        "-threads", "1",
    ),
    ("-video_track_timescale", str(RATE), "-movflags", "+faststart"),
    "mov_text",
)  # fmt: skip
"""H.264: every program and projector plays it. One thread costs a quarter less than several, and
is done with a frame before the next is drawn."""
WEBM = Kind(
    ".webm",
    (
        "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1",
        "-lag-in-frames", "0", "-auto-alt-ref", "0", "-crf", "20", "-b:v", "0",
    ),
    (), "webvtt",
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
    scene, seconds = made.scene, made.asked.seconds
    texts = {"metadata.txt": captions.metadata(scene, seconds)}
    words: tuple[str, ...] = ()
    track: tuple[str, ...] = ()
    if "narration" not in made.asked.show:
        texts["words.srt"] = captions.srt(scene, seconds=seconds).decode()
        words, track = ("-i", "words.srt"), ("-map", "2:s", "-c:s", kind.words)
    seen = moments(made)
    arguments = (
        *_READ, *words, "-map", "0:v", "-map_metadata", "1", "-map_chapters", "1", *track,
        *_TIMES, *kind.pictures, *_KEYS, *kind.file, *_SAME_BYTES,
    )  # fmt: skip
    projector = Projector(made, Sprites(made.asked.theme, bt709), Planes)
    lasting = (seconds for _, seconds in projected(projector, seen, progress))
    pieces = ivf(projector.surface, lasting)
    return encoded(pieces, texts, arguments, f"film{kind.suffix}")
