"""The oldest versions that pyproject.toml allows, as constraints for pip: `python tests/oldest.py`.

Continuous integration installs them beside the newest ones. What only other frameworks are compared
with (`peers`) is left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_REQUIREMENT = re.compile(r"(?P<name>[\w-]+)(?:\[[\w,]+\])?>=(?P<version>[\d.]+)")


def requirements() -> Iterator[str]:
    """Yield what the package and its extras require."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    yield from project["dependencies"]
    for extra, needed in project["optional-dependencies"].items():
        if extra != "peers":
            yield from needed


def oldest() -> dict[str, str]:
    """Return the oldest version of each package.

    >>> oldest()["numpy"]
    '2.0'
    """
    found: dict[str, str] = {}
    for requirement in requirements():
        match = _REQUIREMENT.fullmatch(requirement)
        if match is None:
            raise ValueError(f"{requirement!r} is not of the form package>=1.2")
        if found.setdefault(match["name"], match["version"]) != match["version"]:
            raise ValueError(f"{match['name']} has two oldest versions")
    return found


if __name__ == "__main__":
    for name, version in oldest().items():
        print(f"{name}=={version}")
