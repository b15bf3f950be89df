"""What a run of PyTorch changes besides its result, put back after: modules and random numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from adviz.checking.verdicts.frameworks.recognised import reached


class _Before:
    """A module as it was: its attributes, its buffers, and the numbers in them."""

    def __init__(self, module: Any) -> None:
        self.module, self.attributes = module, dict(vars(module))
        self.buffers = dict(module._buffers)
        held = {name: one for name, one in self.buffers.items() if one is not None}
        self.numbers = {name: one.detach().clone() for name, one in held.items()}

    def back(self) -> None:
        """Put back what was there; what was not is taken out."""
        held = vars(self.module)
        for name in held.keys() - self.attributes.keys():
            del held[name]
        held.update(self.attributes)
        self.module._buffers.clear()
        self.module._buffers.update(self.buffers)
        for name, numbers in self.numbers.items():
            self.buffers[name].detach().copy_(numbers)


@contextmanager
def untouched(function: Any) -> Iterator[None]:
    """Leave PyTorch's random numbers as they were, and the modules that a function is or refers to.

    Of these it is the attributes that are put back, such as whether they train, and what their
    buffers held. Where PyTorch is not there, nothing is done.
    """
    torch: Any = sys.modules.get("torch")
    if torch is None:
        yield
        return
    with ExitStack() as stack:
        stack.enter_context(torch.random.fork_rng([*range(torch.cuda.device_count())]))
        roots = [one for one in reached(function) if isinstance(one, torch.nn.Module)]
        parts = dict.fromkeys(part for root in roots for part in root.modules())
        for part in parts:
            stack.callback(_Before(part).back)
        yield
