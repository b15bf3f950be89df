"""The text language: what a formula may say, and what is wrong when it cannot be read."""

from __future__ import annotations
