"""Settings of the random tests: reproducible, and bounded by examples instead of by time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "adviz",
    deadline=None,
    derandomize=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.load_profile("adviz")
