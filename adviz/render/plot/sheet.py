"""A picture in some axes: its artists, and what it takes to make it another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.transforms import Affine2D

from adviz.render.plot.artists import dress, made, scale
from adviz.render.plot.fonts import Fonts
from adviz.render.plot.leaves import Leaf, Leaves
from adviz.render.roles import Theme

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

_BETWEEN = 1e-5
"""What lies between the zorder of one leaf and the next: all of a picture is below lines, of 2."""


class Sheet(Artist):
    """What is drawn first of a picture, and sees to it that the rest is to scale.

    Lengths in points (sizes of letters, widths of lines) follow the axes, however large these
    are when they are drawn.
    """

    def __init__(self, axes: Axes, theme: Theme, lowest: float = 1.0) -> None:
        super().__init__()
        self.theme, self.fonts, self.points = theme, Fonts(), 1.0
        self.moved = Affine2D()
        """Where the picture is moved to, in its own pixels."""
        self.artists: dict[str, Any] = {}
        self.shown: dict[str, Leaf] = {}
        self.set_zorder(lowest)
        self.set_in_layout(False)
        axes.add_artist(self)

    def show(self, leaves: Leaves) -> list[Artist]:
        """Show other leaves than before; return the artists that this has changed."""
        changed = [name for name in self.shown.keys() - leaves.keys() if self._hide(name)]
        for rank, (name, leaf) in enumerate(leaves.items(), 1):
            if self.shown.get(name) != leaf:
                self._put(name, leaf)
                changed.append(name)
            self.artists[name].set_zorder(self.zorder + rank * _BETWEEN)
        self.shown = dict(leaves)
        return [self.artists[name] for name in changed]

    def _hide(self, name: str) -> bool:
        """Let a leaf be seen no more; return whether it was seen."""
        self.artists[name].set_visible(False)
        return True

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
        artist.set_transform(self.moved + self.axes.transData)
        return self.axes.add_artist(artist)

    def draw(self, renderer: RendererBase) -> None:
        """Bring all sizes to scale, if the axes are not as large as they were."""
        points = self._points()
        if points != self.points:
            self.points = points
            for name, leaf in self.shown.items():
                scale(self.artists[name], leaf, self.fonts, points)
        self.stale = False

    def _points(self) -> float:
        """Return how many points a pixel of the picture is."""
        (_, top), (_, below) = self.axes.transData.transform([(0, 0), (0, 1)])
        return float(top - below) * 72 / self.axes.figure.dpi
