"""The frameworks: how each writes the rows it has; one that it lacks goes by its definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from itertools import chain, count
from typing import Any

from adviz.compiler.frameworks.arrays import NUMBER, OPERATORS, PRODUCT, SUM, Code, Framework, calls
from adviz.compiler.languages.language import ATOM, Form, Written, phrase
from adviz.errors import AdvizError

_ELEMENTARY = "exp sqrt log sin cos tan sinh cosh tanh sign floor"
_NUMPY = (
    f"{_ELEMENTARY} exp2 expm1 log2 log10 log1p logaddexp hypot trunc ceil round abs where clip "
    "degrees radians"
)
_ARC = {
    **{name: name.replace("a", "arc", 1) for name in "asin acos atan asinh acosh atanh".split()},
    "atan2": "arctan2",
}
_CHOICES = {
    "min": "minimum",
    "max": "maximum",
    "and": "logical_and",
    "or": "logical_or",
    "not": "logical_not",
}


def _of_order(function: str) -> Form:
    """Return the form of a function whose order must be one of Python's whole numbers."""

    def write(args: Sequence[Written]) -> Written:
        order, x = args
        if order.constant is None:
            raise AdvizError(
                f"{function} takes an order that is a number, not computed: {order.text}"
            )
        return Written(f"{function}({int(order.constant)}, {x.text})")

    return Form(write)


NUMPY = Framework(
    name="NumPy",
    package="numpy",
    extra="scipy",
    imports={"np": "import numpy as np", "special": "from scipy import special"},
    forms={
        **OPERATORS,
        **calls("np", f"{_NUMPY} cbrt copysign fmod", **_ARC, **_CHOICES),
        **calls("special", "erf erfc erfinv erfcinv ndtr gamma digamma polygamma beta xlogy"),
        **calls("special", "xlog1py entr rel_entr logit zeta expn spherical_jn"),
        **calls("special", "", sigmoid="expit", lgamma="gammaln", lbeta="betaln"),
        **calls("special", "", logsigmoid="log_expit"),
        "sinc": phrase("np.sinc({0}/np.pi)", ATOM, 21),
        "heaviside": phrase("np.heaviside({0}, 0.5)", ATOM, 0),
    },
)

AUTOGRAD = Framework(
    name="autograd",
    package="autograd",
    imports={"np": "import autograd.numpy as np", "special": "from autograd.scipy import special"},
    forms={
        **OPERATORS,
        **calls("np", _NUMPY.replace("hypot ", "").replace("clip ", ""), **_ARC, **_CHOICES),
        **calls("special", "erf erfc erfinv erfcinv gamma digamma polygamma beta logit"),
        **calls("special", "", sigmoid="expit", lgamma="gammaln", lbeta="betaln"),
    },
)

JAX = Framework(
    name="JAX",
    package="jax",
    imports={
        "jnp": "import jax.numpy as jnp",
        "special": "from jax.scipy import special",
        "nn": "from jax import nn",
    },
    forms={
        **OPERATORS,
        **calls("jnp", f"{_NUMPY} cbrt copysign fmod", **_ARC, **_CHOICES),
        **calls("special", "erf erfc erfinv ndtr gamma digamma beta xlogy xlog1py"),
        **calls("special", "entr rel_entr logit expn", lgamma="gammaln", lbeta="betaln"),
        **calls("nn", "relu elu sigmoid softplus silu mish leaky_relu"),
        **calls("nn", "", logsigmoid="log_sigmoid", softsign="soft_sign"),
        "polygamma": _of_order("special.polygamma"),
        "gelu": phrase("nn.gelu({0}, approximate=False)", ATOM, 0),
        "sinc": phrase("jnp.sinc({0}/jnp.pi)", ATOM, 21),
        "heaviside": phrase("jnp.heaviside({0}, 0.5)", ATOM, 0),
    },
)


# --- PyTorch, whose functions take tensors alone --------------------------------------------------


def _lifting(form: Form) -> Form:
    """Return a form whose numbers are written as tensors."""

    def write(args: Sequence[Written]) -> Written:
        held = [arg if arg.constant is None else Written(f"{NUMBER}({arg.text})") for arg in args]
        return form.write(held)

    return Form(write, form.atoms)


def _comparing(form: Form) -> Form:
    """Return a form of a comparison, which of two numbers alone would give no tensor."""
    lifting = _lifting(form)

    def write(args: Sequence[Written]) -> Written:
        alone = all(arg.constant is not None for arg in args)
        return (lifting if alone else form).write(args)

    return Form(write)


def _torch(names: str, module: str = "torch", **others: str) -> dict[str, Form]:
    return {row: _lifting(form) for row, form in calls(module, names, **others).items()}


_OF_LGAMMA = phrase(
    "torch.where({0} > 0, 1.0, 1.0 - 2.0*(torch.floor({0}) % 2))*torch.exp(torch.lgamma({0}))",
    PRODUCT,
    21,
)
"""The gamma function from the logarithm of its size, which is all that PyTorch has."""

TORCH = Framework(
    name="PyTorch",
    package="torch",
    imports={"torch": "import torch", "functional": "from torch.nn import functional"},
    forms={
        **OPERATORS,
        **{name: _comparing(OPERATORS[name]) for name in "lt le gt ge eq ne".split()},
        **_torch(f"{_ELEMENTARY} asin acos atan atan2 asinh acosh atanh exp2 expm1 log2 log10"),
        **_torch("log1p logaddexp hypot trunc ceil round abs where copysign fmod clip"),
        **_torch("", **_CHOICES, degrees="rad2deg", radians="deg2rad"),
        **_torch("erf erfc erfinv ndtr digamma xlogy xlog1py entr logit", "torch.special"),
        **_torch("", "torch.special", lgamma="gammaln"),
        **_torch("relu elu sigmoid logsigmoid softplus softsign silu gelu mish", "functional"),
        "polygamma": _of_order("torch.special.polygamma"),
        "gamma": _lifting(_OF_LGAMMA),
        "sinc": phrase("torch.sinc({0}/torch.pi)", ATOM, 21),
    },
    number="{}.new_tensor",
)


# --- CasADi, whose functions are symbolic ---------------------------------------------------------


def _casadi(function: Callable[..., Any], code: Code) -> Any:
    """Return a CasADi Function of scalar symbols, its arguments and results called as they are."""
    casadi: Any = import_module("casadi")
    known = {name: casadi.SX.sym(name, *shape) for name, shape in code.arguments.items()}
    found = function(*known.values())
    found = list(found) if isinstance(found, tuple) else [found]
    names = _fixed([*known, *code.results], casadi.Function.fix_name)
    given, results = names[: len(known)], names[len(known) :]
    return casadi.Function(code.name, [*known.values()], found, given, results)


def _fixed(names: Sequence[str], legal: Callable[[str], str]) -> list[str]:
    """Return names that CasADi takes, no two alike: it ends none in an underscore."""
    made: list[str] = []
    for name in map(legal, names):
        others = (f"{name}{k}" for k in count(1))
        made.append(next(one for one in chain([name], others) if one not in made))
    return made


CASADI = Framework(
    name="CasADi",
    package="casadi",
    imports={"casadi": "import casadi"},
    forms={
        **OPERATORS,
        **calls("casadi", f"{_ELEMENTARY} asin acos atan atan2 asinh acosh atanh expm1 log10"),
        **calls("casadi", "log1p hypot ceil copysign fmod erf erfinv", abs="fabs", where="if_else"),
        **calls("casadi", "", min="fmin", max="fmax"),
        **calls("casadi", "", **{"and": "logic_and", "or": "logic_or", "not": "logic_not"}),
        "floordiv": phrase("casadi.floor({0}/{1})", ATOM, 20, 21),
        "trunc": phrase("casadi.sign({0})*casadi.floor(casadi.fabs({0}))", 20),
        "erfc": phrase("1.0 - casadi.erf({0})", SUM, 0),
    },
    ascii=True,
    made=_casadi,
)

FRAMEWORKS: Mapping[str, Framework] = {
    one.package: one for one in (JAX, TORCH, AUTOGRAD, CASADI, NUMPY)
}
"""The frameworks by the name that one imports."""
