"""The verbs that watch a framework differentiate, in one's own code or of a function."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from adviz.checking.recording.recording import Recording
from adviz.checking.verdicts.calling import parameters_of
from adviz.checking.verdicts.frameworks.framework import JAX, TORCH, Framework
from adviz.checking.verdicts.frameworks.recognised import framework_at
from adviz.errors import AdvizError, needing
from adviz.language.asked import shown


@contextmanager
def watching() -> Iterator[Recording]:
    """Watch PyTorch: every backward pass inside is recorded, with the forward pass it goes back.

    The code inside is one's own and stays as it is; forward pass and backward pass are both there,
    and the optimizer may be. What a pass needs is what `loss.backward()`, `torch.autograd.backward`
    and `torch.autograd.grad` go back through.

    ```
    with adviz.watching() as recording:
        loss = cross_entropy(model(x), target)
        loss.backward()
    adviz.animate(recording).save("step.html")
    ```

    Gives a `Recording`. Raises AdvizError where PyTorch is missing, for complex and sparse tensors,
    and where a pass goes back to what was not watched; TooLarge beyond 20 000 operations.
    """
    with needing("peers", "watching() watches PyTorch"):
        import torch  # noqa: F401 - so that it is missing here or nowhere
    from adviz.checking.recording.pytorch import Watcher

    recording = Recording([])
    with Watcher(recording.passes.append):
        yield recording


def watch(function: Any, *args: Any, cotangent: Any = None) -> Recording:
    """Run a function of PyTorch or JAX at some arguments, and back, and record both.

    `function` is a `torch.nn.Module`, a `torch.autograd.Function`, any function of tensors or of
    JAX's arrays that gives one of them. Where no tensor has `requires_grad`, all of floating-point
    numbers are differentiated by. `cotangent` weighs the elements of what comes out, a number or an
    array of its shape; it is 1 unless given.

    PyTorch runs as ever, and is watched. JAX's equations are evaluated one by one, each with its
    own `jax.vjp`, and go back in reverse order as in `jax.grad`; what a compiler fuses may round
    otherwise.

    Raises AdvizError for a function of no framework, or that gives something else.

    ```
    adviz.watch(lambda x, y: jnp.sin(x)*y, 1.0, 2.0).gradient
    ```
    """
    framework = _framework(function, args)
    if framework == JAX:
        from adviz.checking.recording import transposing

        names = _names(function, args)
        return Recording([transposing.run(function, args, names, cotangent)])
    from adviz.checking.recording import pytorch

    run = getattr(function, "apply", function) if inspect.isclass(function) else function
    return Recording([pytorch.run(run, args, _names(function, args), cotangent)])


def _framework(function: Any, args: Sequence[Any]) -> Framework:
    found = framework_at(function, args)
    if found not in (TORCH, JAX):
        raise AdvizError(
            f"watch takes a function of PyTorch or JAX and its arguments, not {shown(function)}; "
            "tensors or JAX's arrays among the arguments say whose it is"
        )
    return found


def _names(function: Any, args: Sequence[Any]) -> list[str]:
    """Return what the arguments are called: as the function's parameters, else by their place."""
    known = parameters_of(getattr(function, "forward", function)) or []
    names = known[1:] if inspect.isclass(function) else known  # a rule's context comes first
    return names[: len(args)] if len(names) >= len(args) else [f"x{k}" for k in range(len(args))]
