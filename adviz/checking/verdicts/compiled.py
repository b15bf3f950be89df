"""A compiled derivative as a claim: what a kernel of `adviz.compile` gives beside the value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeGuard

from adviz.errors import AdvizError, DomainError

if TYPE_CHECKING:
    from adviz.compiler.kernel import Kernel

_KINDS: Mapping[str, tuple[str, ...]] = {
    "gradient": ("gradient", "jacobian"),
    "Hessian": ("hessian",),
    "Hessian-vector product": ("hvp",),
}
"""The kinds of kernels that give what is claimed."""


def is_kernel(claimed: object) -> TypeGuard[Kernel]:
    """Return whether this is a compiled derivative; the compiler is loaded where one may be."""
    from adviz.compiler.kernel import Kernel

    return isinstance(claimed, Kernel)


def compiled(
    kernel: Kernel, inputs: tuple[str, ...], subject: str = "gradient"
) -> Callable[..., Mapping[str, Any]]:
    """Return the derivatives that a kernel computes as a function of its parameters.

    Raises AdvizError for a kernel of another kind, or of other inputs.

    >>> import adviz
    >>> compiled(adviz.compile("x*y"), ("x", "y"))(3.0, 2.0)
    {'x': 2.0, 'y': 3.0}
    """
    if kernel.kind not in _KINDS[subject]:
        raise AdvizError(
            f"a {kernel.kind} kernel gives no {subject}; compile one of kind "
            f"{' or '.join(_KINDS[subject])}"
        )
    if set(kernel.parameters) != set(inputs):
        raise AdvizError(
            f"the kernel has the inputs {', '.join(kernel.parameters)}; the function has "
            f"{', '.join(inputs)}"
        )
    return partial(_derivatives, kernel, inputs)


def _derivatives(kernel: Kernel, inputs: tuple[str, ...], *arguments: Any) -> Mapping[str, Any]:
    """Return the derivatives by input, or by output and input; NaN where there are none.

    One point is computed as one point; only where that is refused as one of many, which go on.
    """
    import numpy as np

    numbers = np.concatenate([*map(np.ravel, arguments)]) if arguments else ()
    point = dict(zip(inputs, map(float, numbers), strict=True))
    try:
        derivatives: Mapping[str, Any] = kernel(point)[1]
    except DomainError:
        derivatives = kernel({name: np.array([x]) for name, x in point.items()})[1]
    return derivatives
