"""A picture in some axes: its artists, and what it takes to make it another one."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D

from adviz.render.plot.artists import dress, made, scale
from adviz.render.plot.fonts import Fonts
from adviz.render.plot.leaves import Leaf, Leaves
from adviz.render.roles import Theme
from adviz.scene.geometry import Position

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

_BETWEEN = 1e-5
"""What lies between the zorder of one leaf and the next: all of a picture is below lines, of 2."""


class Sheet(Artist):
    """What is drawn first of a picture, and brings the rest to scale.

    The sizes of letters and the widths of lines, which are in points, follow the axes, however
    large these are when they are drawn.
    """

    def __init__(self, axes: Axes, theme: Theme, lowest: float = 1.0) -> None:
        super().__init__()
        self.ax, self.theme, self.fonts = axes, theme, Fonts()
        self.moved = Affine2D()
        """Where the picture is moved to, in its own pixels."""
        self.artists: dict[str, Any] = {}
        self.shown: dict[str, Leaf] = {}
        self.points = 1.0
        """How many points a pixel of the picture is."""
        self.set_zorder(lowest)
        self.set_in_layout(False)
        axes.add_artist(self)

    def show(self, leaves: Leaves) -> list[Artist]:
        """Show other leaves than before; return the artists that this has changed."""
        gone = [name for name in self.shown if name not in leaves]
        changed = [name for name, leaf in leaves.items() if self.shown.get(name) != leaf]
        for name in gone:
            self.artists[name].set_visible(False)
        for name in changed:
            self._put(name, leaves[name])
        for rank, name in enumerate(leaves, 1):
            self.artists[name].set_zorder(self.zorder + rank * _BETWEEN)
        self.shown = dict(leaves)
        return [self.artists[name] for name in (*gone, *changed)]

    def seen(self, but: Collection[str] = ()) -> list[Artist]:
        """Return the artists of what is shown, but for some."""
        return [self.artists[name] for name in self.shown if name not in but]

    def move(self, to: Position) -> None:
        """Move the whole picture."""
        self.moved.clear().translate(*to)

    def _put(self, name: str, leaf: Leaf) -> None:
        """Let a leaf be seen as it is now."""
        if name not in self.artists:
            self.artists[name] = self._added(name, leaf)
        dress(self.artists[name], leaf, self.theme, self.fonts)
        scale(self.artists[name], leaf, self.fonts, self.points)

    def _added(self, name: str, leaf: Leaf) -> Artist:
        """Return a new artist in the axes."""
        artist = made(leaf)
        artist.set_gid(name)
        artist.set_in_layout(False)
        artist.set_transform(self.moved + self.ax.transData)
        return self.ax.add_artist(artist)

    def draw(self, renderer: RendererBase) -> None:
        """Bring all sizes to scale, if the axes are not as large as they were."""
        origin, below = (self.ax.transData.transform((0, y)) for y in (0, 1))
        points = float(origin[1] - below[1]) * 72 / self.ax.figure.dpi
        if points != self.points:
            self.points = points
            for name, leaf in self.shown.items():
                scale(self.artists[name], leaf, self.fonts, points)
        self.stale = False
