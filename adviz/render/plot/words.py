"""A text that a raster draws by its outlines: as large as it is asked to be, and quickly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from adviz.render.plot.fonts import letters

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase


class Words(Text):
    """A line of text, drawn by matplotlib's own text where there are no pixels.

    Where there are, letters fitted to them would be wider or narrower than asked, at each size
    otherwise, and the runs of a text would not meet.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the text."""
        if not isinstance(renderer, RendererAgg) or self._is_more_than_a_line():
            super().draw(renderer)
        elif self.get_visible():
            self._outline(renderer)
            self.stale = False

    def _is_more_than_a_line(self) -> bool:
        """Return whether somebody has made a box, a paragraph or a formula of it."""
        aligned = (self.get_horizontalalignment(), self.get_verticalalignment())
        more = self.get_bbox_patch() or self.get_path_effects() or self.get_usetex()
        return bool(more) or "\n" in self.get_text() or aligned != ("left", "baseline")

    def _outline(self, renderer: RendererAgg) -> None:
        """Fill the letters' outlines."""
        font, pen = self.get_fontproperties().copy(), renderer.new_gc()
        font.set_size(1)
        pen.set_linewidth(0)
        pen.set_snap(False)
        pen.set_clip_rectangle(self.get_clip_box())
        pen.set_clip_path(self.get_clip_path())  # type: ignore[arg-type]  # in axes it is one
        size = self.get_fontsize() * renderer.dpi / 72
        place = self.get_transform().transform(self.get_position())
        to = Affine2D().scale(size).rotate_deg(self.get_rotation()).translate(*place)
        ink = to_rgba(self.get_color(), self.get_alpha())
        outline = letters(self.get_text(), font, self.get_parse_math())
        renderer.draw_path(pen, outline, to, ink)  # type: ignore[no-untyped-call]
        pen.restore()
