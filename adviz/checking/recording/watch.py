"""The verbs that watch a framework differentiate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from adviz.checking.recording.recording import Recording
from adviz.errors import needing


@contextmanager
def watching() -> Iterator[Recording]:
    with needing("peers", "watching needs PyTorch"):
        from adviz.checking.recording.pytorch import Watcher

        import torch  # noqa: F401
    recording = Recording()
    with Watcher(recording._passes.append):
        yield recording
