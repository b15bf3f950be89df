"""A picture drawn into axes of matplotlib's."""

from __future__ import annotations

from matplotlib.axes import Axes

from adviz.language.asked import require
from adviz.render.paint import paint
from adviz.render.plate import Plate
from adviz.render.plot.axes import axes_of
from adviz.render.plot.leaves import leaves
from adviz.render.plot.sheet import Sheet
from adviz.render.roles import Theme
from adviz.render.shapes import Picture, Rect, Shape
from adviz.scene.geometry import Box
from adviz.scene.scene import Scene, State

_PIXELS_PER_INCH = 96


def still(
    scene: Scene | Plate, state: State | None = None, *, ax: object = None, theme: Theme = "light"
) -> Axes:
    """Return the axes that the picture of a scene in a state is drawn into.

    They span the picture: a unit is a pixel, and y points down. Raises AdvizError for what is no
    axes, or axes that are no plane.

    >>> import adviz
    >>> axes = still(adviz.draw("x*y").scene)
    >>> axes.findobj(lambda artist: artist.get_gid() == "node-0-symbol")
    [Text(41.0, 49.0, 'x')]
    """
    picture = paint(scene, state)
    sheet = spread(picture, ax, theme)
    sheet.show(leaves(on_a_ground(picture)))
    return sheet.ax


def on_a_ground(picture: Picture) -> tuple[Shape, ...]:
    """Return a picture's shapes, and the page below them."""
    whole = Box(0, 0, picture.width, picture.height)
    return (Rect(whole, fill="page", kind="background"), *picture.shapes)


def spread(picture: Picture, ax: object, theme: Theme) -> Sheet:
    """Return an empty sheet of a picture's size, in axes that show nothing else."""
    width, height = picture.width, picture.height
    axes = axes_of(ax, (width / _PIXELS_PER_INCH, height / _PIXELS_PER_INCH), theme)
    require(axes.name == "rectilinear", "ax", ax, "axes with a flat x and y")
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return Sheet(axes, theme)
