"""PyTorch's core operations as rows: a table of those that are one, and of those that are several.

Names and arguments are those of ATen, into which `torch.export` decomposes everything; overloads of
one name share a line. What moves elements to places that are known is asked of PyTorch itself: it
moves the numbers of the places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from adviz.sources.frameworks import moving
from adviz.sources.frameworks.aten import elements, losses, normalisations, reductions, shapes

Composed = Callable[..., Any]
"""Takes a reading and an operation's arguments to what it gives."""

ROWS: Mapping[str, str] = {
    "mul": "mul", "neg": "neg", "pow": "pow", "maximum": "max", "minimum": "min", "abs": "abs",
    "sign": "sign", "sqrt": "sqrt", "hypot": "hypot", "exp": "exp", "exp2": "exp2",
    "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "atan2": "atan2", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "asinh",
    "acosh": "acosh", "atanh": "atanh", "sigmoid": "sigmoid", "relu": "relu", "erf": "erf",
    "erfc": "erfc", "erfinv": "erfinv", "lgamma": "lgamma", "digamma": "digamma",
    "polygamma": "polygamma", "floor": "floor", "ceil": "ceil", "trunc": "trunc",
    "fmod": "fmod", "remainder": "mod", "copysign": "copysign",
    "lt": "lt", "le": "le", "gt": "gt", "ge": "ge", "eq": "eq", "ne": "ne",
    "logical_and": "and", "logical_or": "or", "logical_not": "not", "detach": "stop_gradient",
    "_local_scalar_dense": "stop_gradient",
    "silu": "silu", "mish": "mish", "clamp_min": "max", "clamp_max": "min",
}  # fmt: skip
"""The operations that are rows."""

COMPOSED: Mapping[str, Composed] = {
    "add": elements.summed("add"),
    "sub": elements.summed("sub"),
    "rsub": elements.subtracted,
    "square": elements.squared,
    "div": elements.divided,
    "reciprocal": elements.inverse,
    "rsqrt": elements.inverse_root,
    "round": elements.rounded,
    "clamp": elements.clamped,
    "hardtanh": lambda reading, x, low=-1, high=1: elements.clamped(reading, x, low, high),
    "gelu": elements.gelu,
    "elu": elements.elu,
    "leaky_relu": lambda reading, x, slope=0.01: reading.apply("leaky_relu", x, slope),
    "softplus": elements.softplus,
    "log_sigmoid_forward": elements.log_sigmoid,
    "bitwise_and": elements.bitwise("and"),
    "bitwise_or": elements.bitwise("or"),
    "bitwise_not": elements.bitwise("not"),
    "logical_xor": elements.different,
    "fmax": elements.first_if("ge"),
    "fmin": elements.first_if("le"),
    "where": elements.chosen,
    "masked_fill": elements.filled,
    "isnan": elements.never,
    "isinf": elements.never,
    "_to_copy": elements.converted,
    **dict.fromkeys(("clone", "alias", "lift_fresh"), elements.same),
    "full_like": elements.like,
    "zeros_like": lambda reading, x, **_: elements.like(reading, x, 0),
    "ones_like": lambda reading, x, **_: elements.like(reading, x, 1),
    "native_dropout": elements.random,
    "sum": reductions.total,
    "mean": reductions.mean,
    "var": reductions.variance,
    "std": reductions.deviation,
    "logsumexp": reductions.log_of_sums,
    "amax": reductions.reduction("amax"),
    "amin": reductions.reduction("amin"),
    "max": reductions.extreme("amax", "max"),
    "min": reductions.extreme("amin", "min"),
    "linalg_vector_norm": reductions.norm,
    "prod": reductions.product,
    "any": reductions.judged,
    "cumsum": reductions.running,
    **dict.fromkeys(("_softmax", "_safe_softmax"), normalisations.softmax),
    "_log_softmax": normalisations.log_softmax,
    "native_layer_norm": normalisations.layer_norm,
    "native_group_norm": normalisations.group_norm,
    "_native_batch_norm_legit_no_training": normalisations.batch_norm,
    "_native_batch_norm_legit": normalisations.batch_norm_training,
    "_native_batch_norm_legit_functional": normalisations.batch_norm_training,
    "copy": lambda reading, x, y, *_: reading.spread(y, reading.shape(x)),
    **dict.fromkeys(("mm", "bmm", "mv", "dot"), moving.matrix_product),
    **dict.fromkeys(("addmm", "addmv", "baddbmm"), shapes.product_added),
    **dict.fromkeys(("view", "_unsafe_view"), shapes.viewed),
    "t": shapes.turned,
    "transpose": shapes.swapped,
    "unsqueeze": shapes.unsqueezed,
    "squeeze": shapes.squeezed,
    "permute": shapes.permuted,
    "expand": shapes.expanded,
    "select": shapes.selected,
    "slice": shapes.sliced,
    "cat": shapes.joined,
    "stack": shapes.stacked,
    "unbind": shapes.unbound,
    **dict.fromkeys(
        ("split", "split_with_sizes", "unsafe_split", "unsafe_split_with_sizes"), shapes.split
    ),
    "flip": shapes.flipped,
    "embedding": shapes.embedded,
    "sym_size": lambda reading, x, dim: reading.shape(x)[dim],
    "mse_loss": losses.squares,
    "huber_loss": losses.huber,
    "smooth_l1_loss": losses.smooth,
    "nll_loss_forward": losses.picked,
    "binary_cross_entropy": losses.crossed,
    "binary_cross_entropy_with_logits": losses.crossed_of_logits,
}
"""The operations that are several rows, or none."""

_TAKEN = "gather index index_select repeat roll take diagonal unfold as_strided"
MOVES: Mapping[str, tuple[int, ...]] = {
    **dict.fromkeys(_TAKEN.split(), (0,)),
    **dict.fromkeys(("slice_scatter", "as_strided_scatter"), (0, 1)),
    "scatter": (0, 3),
    "index_put": (0, 2),
}
"""The operations that move elements, and which of their arguments these are of."""

KNOWN = frozenset({*ROWS, *COMPOSED, *MOVES})
"""The operations that are read."""
