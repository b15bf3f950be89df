"""Videos and subtitle files, read by programs that are not ours."""

from __future__ import annotations

import builtins
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache, partial
from html import unescape
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from films import missing
from PIL import Image, ImageChops, ImageStat
from test_render import HOSTILE, hostile

import adviz
from adviz.errors import AdvizError, FormatError
from adviz.language.notation import row, unicode_text
from adviz.render.film import media
from adviz.render.film.asked import asked
from adviz.render.film.captions import Chapter, chapters, cues, metadata, srt, vtt
from adviz.render.film.compose import composer
from adviz.render.film.encoder import encoded
from adviz.render.film.planes import RATE
from adviz.render.film.play import Moment, played
from adviz.render.film.video import MP4, moments
from adviz.render.film.video import video as write
from adviz.render.roles import Theme, colour
from adviz.render.timeline import timeline
from adviz.scene.scene import played as part_of

FORMULA, POINT = "(x + y)*(x - y)", {"x": 3, "y": 2}
LONG = "sin(x)*exp(y)/(1 + x**2) - cos(x*y)*sqrt(x + y) + tanh(x)*log(y)"
SMALL: dict[str, Any] = {"size": (480, 320), "seconds": 0.35}
CODECS = {".mp4": "h264", ".webm": "vp9"}


def film(formula: str = FORMULA, **options: Any) -> adviz.Animation:
    return adviz.animate(adviz.reverse(formula, at=POINT), check=False, **options)


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        missing(f"{name} (Debian's ffmpeg)")
    return str(path)


@pytest.fixture
def encoder() -> None:
    if find_spec("imageio_ffmpeg") is None:
        missing("imageio-ffmpeg")


@cache
def made(folder: Path, suffix: str) -> Path:
    path = folder / f"film{suffix}"
    film().save(path, **SMALL)
    return path


@pytest.fixture(params=CODECS)
def video(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, encoder: None
) -> Path:
    return made(tmp_path_factory.getbasetemp(), request.param)


def probed(path: Path, *asked_for: str) -> Any:
    """Return what ffprobe says of a file."""
    command = [tool("ffprobe"), "-v", "error", "-of", "json", *asked_for, str(path)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def frame(path: Path, number: int, folder: Path) -> Image.Image:
    """Return what FFmpeg shows of a video in one thirtieth of a second."""
    exactly = "scale=flags=accurate_rnd+full_chroma_int+full_chroma_inp"
    only = ["-vf", f"fps={RATE},select=eq(n\\,{number}),{exactly}", "-frames:v", "1"]
    target = folder / f"{number}.png"
    command = [tool("ffmpeg"), "-v", "error", "-y", "-i", str(path), *only, str(target)]
    subprocess.run(command, check=True)
    return Image.open(target).convert("RGB")


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two images, in 255 parts."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


# --- What a video is -----------------------------------------------------------------------------


def test_a_video_is_what_ffprobe_reads(video: Path) -> None:
    (stream,) = probed(video, "-show_streams", "-select_streams", "v")["streams"]
    assert (stream["codec_name"], stream["pix_fmt"]) == (CODECS[video.suffix], "yuv420p")
    assert (stream["width"], stream["height"]) == SMALL["size"]
    assert stream["r_frame_rate"] == f"{RATE}/1"
    assert (stream["color_space"], stream["color_range"]) == ("bt709", "tv")


def test_a_video_is_as_long_as_the_timeline(video: Path) -> None:
    whole = sum(shot.seconds for shot in timeline(film().scene, SMALL["seconds"]))
    length = float(probed(video, "-show_format")["format"]["duration"])
    assert length == pytest.approx(whole, abs=1 / RATE)


def test_what_moves_has_thirty_frames_a_second_and_what_stands_one(video: Path) -> None:
    read = probed(video, "-select_streams", "v", "-show_entries", "frame=pts_time")["frames"]
    times = [round(float(one["pts_time"]) * RATE, 1) for one in read]
    assert times == [*starts(moments(composer(film().scene, asked(**SMALL))))]


def starts(seen: list[Moment]) -> list[int]:
    """Return the thirtieths of a second at which moments begin, and the last of them all."""
    begun = list(accumulate((round(moment.seconds * RATE) for moment in seen), initial=0))
    return [*begun[:-1], begun[-1] - 1]


def test_the_phases_are_chapters_and_the_formula_is_the_title(video: Path) -> None:
    read = probed(video, "-show_chapters", "-show_format")
    found = [
        Chapter(float(one["start_time"]), float(one["end_time"]), one["tags"]["title"])
        for one in read["chapters"]
    ]
    expected = chapters(film().scene, SMALL["seconds"])
    assert [one.title for one in found] == ["Values", "Reverse sweep"]
    for one, other in zip(found, expected, strict=True):
        assert one[:2] == pytest.approx(other[:2], abs=0.001)
    tags = {name.lower(): text for name, text in read["format"]["tags"].items()}
    assert tags["title"] == "f(x, y) = (x + y)(x − y)"


def test_frames_are_what_is_composed(video: Path, tmp_path: Path) -> None:
    ready = composer(film().scene, asked(**SMALL))
    seen = moments(ready)
    begun = [*starts(seen)[:-1], starts(seen)[-1] + 1]
    for k, (image, _, _) in enumerate(played(ready, seen)):
        if k % 11 == 0 or k == len(seen) - 1:
            for number in (begun[k], begun[k + 1] - 1):
                assert apart(frame(video, number, tmp_path), image) < 3.5, (k, number)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_those_of_the_theme(theme: Theme, tmp_path: Path, encoder: None) -> None:
    """Of what is small the colour is that of four pixels; of grounds it is the very one."""
    path = tmp_path / "f.mp4"
    film(theme=theme).save(path, size=(640, 480), seconds=0.1, steps=(-1, -1))
    shown = frame(path, 0, tmp_path)
    for role, place in {"surface": (4, 4), "page": (4, 240)}.items():
        wanted = bytes.fromhex(colour(role, theme)[1:])
        found = shown.getpixel(place)
        assert isinstance(found, tuple)
        assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) <= 3, role


def test_the_same_film_gives_the_same_bytes(video: Path, tmp_path: Path) -> None:
    again = tmp_path / f"again{video.suffix}"
    film().save(again, **SMALL)
    assert again.read_bytes() == video.read_bytes()


def test_a_video_for_the_web_begins_before_it_is_loaded(tmp_path: Path, encoder: None) -> None:
    film().save(tmp_path / "f.mp4", steps=(1, 2), **SMALL)
    content = (tmp_path / "f.mp4").read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


def test_odd_sides_are_made_even(tmp_path: Path, encoder: None) -> None:
    film().save(tmp_path / "f.mp4", size=(481, 321), seconds=0.2, steps=(1, 2))
    (stream,) = probed(tmp_path / "f.mp4", "-show_streams")["streams"][:1]
    assert (stream["width"], stream["height"]) == (480, 320)


@pytest.mark.parametrize("suffix", CODECS)
def test_what_is_not_burnt_in_is_a_track(suffix: str, tmp_path: Path, encoder: None) -> None:
    path = tmp_path / f"f{suffix}"
    film().save(path, show=["names", "values", "adjoints"], steps=(1, 3), **SMALL)
    streams = probed(path, "-show_streams")["streams"]
    assert [one["codec_type"] for one in streams if one["codec_type"] != "data"] == [
        "video", "subtitle",
    ]  # fmt: skip
    text = subprocess.run(
        [tool("ffmpeg"), "-v", "error", "-i", str(path), "-map", "0:s", "-f", "srt", "-"],
        capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    part = part_of(film().scene, 0, 2)
    assert all(cue.narration in text for cue in cues(part, SMALL["seconds"]))


def test_the_command_line_writes_a_video(tmp_path: Path, encoder: None) -> None:
    path = tmp_path / "f.mp4"
    looks = ["--size", "480p", "--theme", "dark", "--seconds", "0.2", "--steps", "1-3"]
    command = [sys.executable, "-m", "adviz", "animate", "x*y", "--at", "x=3,y=2", *looks]
    subprocess.run([*command, "-o", str(path)], check=True)
    (stream, *_) = probed(path, "-show_streams")["streams"]
    assert (stream["width"], stream["height"]) == (854, 480)
    red, green, blue = frame(path, 0, tmp_path).getpixel((4, 240))  # type: ignore[misc]
    assert max(red, green, blue) < 40


# --- What moves ----------------------------------------------------------------------------------


def test_a_number_and_the_view_set_out_and_arrive_slowly() -> None:
    ready = composer(film(LONG).scene, asked(size=(640, 480)))
    assert not ready.camera.shows_all
    ways = [
        [(one.framed.view(one.part), one.framed.place(one.part)) for one in seen]
        for shot in ready.shots
        if shot.token
        for seen in [[one for one in moments(ready) if one.framed.shot is shot]]
    ]
    assert len(ways) > 10
    for way in ways:
        places = [(p.x + v.x, p.y + v.y) for v, p in way]
        steps = [abs(a - c) + abs(b - d) for (a, b), (c, d) in pairwise(places)]
        middle = max(steps)
        assert steps[0] <= 0.1 * middle and steps[-1] <= 0.1 * middle


def test_the_view_never_jumps_and_never_loses_the_number() -> None:
    ready = composer(film(LONG).scene, asked(size=(640, 480)))
    seen = moments(ready)
    views = [one.framed.view(one.part) for one in seen]
    longest = max(ready.camera.length)
    for before, after in pairwise(views):
        assert max(abs(before.x - after.x), abs(before.y - after.y)) < longest / 4
    for one in seen:
        if one.framed.pill and one.part > 0.5:
            assert ready.pane.holds(one.framed.place(one.part))


def test_a_still_stretch_is_one_picture() -> None:
    ready = composer(film().scene, asked(**SMALL))
    seen = moments(ready)
    assert sum(round(one.seconds * RATE) for one in seen) == round(
        sum(shot.seconds for shot in ready.shots) * RATE
    )
    still = [one for one in seen if not one.framed.shot.token]
    assert len(still) == sum(not shot.token for shot in ready.shots)


# --- What is said --------------------------------------------------------------------------------

_TIMES = re.compile(r"(\d\d):(\d\d):(\d\d)[,.](\d{3}) --> (\d\d):(\d\d):(\d\d)[,.](\d{3})")


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.replace(",", ".").split(":")
    return (int(hours) * 60 + int(minutes)) * 60 + float(rest)


def read(text: str) -> list[tuple[float, float, list[str]]]:
    """Return the cues of a subtitle file: a block each, apart by empty lines."""
    found = []
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        at = next((n for n, line in enumerate(lines) if _TIMES.fullmatch(line)), None)
        if at is not None:
            h, m, s, t, *rest = map(int, _TIMES.fullmatch(lines[at]).groups())  # type: ignore[union-attr]
            start, end = (
                (((a * 60 + b) * 60 + c) + d / 1000) for a, b, c, d in ((h, m, s, t), rest)
            )
            found.append((start, end, lines[at + 1 :]))
    return found


@pytest.mark.parametrize("mode", [adviz.evaluate, adviz.reverse])
@pytest.mark.parametrize("write", [srt, vtt])
def test_what_is_said_is_what_the_film_says(write: Any, mode: Any) -> None:
    scene = adviz.animate(mode(FORMULA, at=POINT), check=False).scene
    found = read(write(scene, seconds=2).decode())
    frames = scene.frames
    assert len(found) == len(frames) + 1
    for (_, _, lines), one in zip(found, frames, strict=False):
        said = unicode_text(row(*one.narration), scene.text)
        formula = unicode_text(one.formula, scene.text)
        shown = unescape("\n".join(lines)) if write is vtt else "\n".join(lines)
        assert shown == "\n".join(filter(None, (" ".join(said.split()), formula)))
    whole = sum(shot.seconds for shot in timeline(scene, 2))
    assert found[-1][1] == pytest.approx(whole, abs=0.001)
    assert all(a[1] == b[0] for a, b in pairwise(found))


def test_the_numbers_of_the_trace_are_said() -> None:
    trace = adviz.reverse(FORMULA, at=POINT)
    (*_, last) = cues(adviz.animate(trace, check=False).scene)
    assert last.formula == "x\N{COMBINING MACRON} = 6, y\N{COMBINING MACRON} = −4"


@pytest.mark.parametrize("suffix", [".srt", ".vtt"])
def test_ffmpeg_reads_the_subtitles(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"f{suffix}"
    film().save(path)
    packets = probed(path, "-show_packets")["packets"]
    expected = cues(film().scene)
    assert [float(one["pts_time"]) for one in packets] == [
        pytest.approx(cue.start, abs=0.001) for cue in expected
    ]


@pytest.mark.parametrize("name", [*HOSTILE, "{\\an8}", "<b>", "</c>", "00:00:01,000 --> 2"])
def test_a_name_never_ends_a_cue_nor_begins_a_tag(name: str) -> None:
    scene = adviz.animate(adviz.reverse(hostile(name), at={name: 2.0}), check=False).scene
    plain, marked = srt(scene).decode(), vtt(scene).decode()
    count = len(scene.frames) + 1
    assert len(read(plain)) == len(read(marked)) == count
    assert all(len(lines) <= 2 for _, _, lines in read(plain) + read(marked))
    assert not re.search(r"<[a-zA-Z/]|\{\\|-->(?! \d\d:\d\d:\d\d)", plain.replace("\n", "  "))
    assert not re.search(r"<|>", _TIMES.sub("", marked))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_title_is_a_title(name: str, tmp_path: Path) -> None:
    scene = adviz.animate(adviz.reverse(hostile(name), at={name: 2.0}), check=False).scene
    (tmp_path / "metadata.txt").write_text(metadata(scene), encoding="utf-8")
    tags = probed(tmp_path / "metadata.txt", "-f", "ffmetadata", "-show_format")["format"]["tags"]
    title = unicode_text(scene.title, scene.text)
    assert tags["title"] == " ".join(re.sub("[\x00-\x08]", "\ufffd", title).split())


def test_a_part_of_a_film_has_its_own_times() -> None:
    scene = part_of(film().scene, 6, 8)
    assert [one.title for one in chapters(scene)] == ["Reverse sweep"]
    assert cues(scene)[0].start == 0.0 and len(cues(scene)) == 4


# --- What goes wrong -----------------------------------------------------------------------------


def test_a_missing_encoder_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name == "imageio_ffmpeg":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(AdvizError) as caught:
        film().save(tmp_path / "f.mp4", **SMALL)
    assert str(caught.value) == (
        "videos need imageio-ffmpeg; install it with: pip install 'adviz-graph[video]'"
    )
    assert not list(tmp_path.iterdir())


def test_an_encoder_that_fails_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoder: None
) -> None:
    (tmp_path / "f.mp4").write_bytes(b"old")
    broken = replace(MP4, pictures=("-c:v", "no-such-codec"))
    monkeypatch.setattr(media, "mp4", replace(media.mp4, write=partial(write, broken)))
    with pytest.raises(
        AdvizError, match=r"^FFmpeg, which makes the video, failed: Error .*: Encoder not found$"
    ):
        film().save(tmp_path / "f.mp4", **SMALL)
    assert (tmp_path / "f.mp4").read_bytes() == b"old"


def test_an_interrupt_ends_the_encoder_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: None
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    started: list[subprocess.Popen[bytes]] = []

    class Kept(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            started.append(self)

    monkeypatch.setattr("subprocess.Popen", Kept)

    def pieces() -> Any:
        yield b"DKIF"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoded(pieces(), {}, ["-f", "ivf", "-i", "pipe:"], "film.mp4")
    (process,) = started
    assert process.returncode is not None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": (10, 10)}, "size"),
        ({"seconds": 0}, "seconds"),
        ({"scale": 2}, ".mp4 has no option 'scale'"),
        ({"loop": True}, ".mp4 has no option 'loop'"),
    ],
)
def test_what_a_video_cannot_be_is_one_error(
    options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=re.escape(words)):
        film().save(tmp_path / "f.mp4", **options)
    assert not list(tmp_path.iterdir())
