"""Runs every benchmark, or those whose names are given: `python -m benchmarks [NAME …]`."""

import importlib
import pkgutil
import sys

import benchmarks


def names() -> list[str]:
    """Every benchmark's name, in alphabetical order."""
    return sorted(
        found.name for found in pkgutil.iter_modules(benchmarks.__path__) if found.name != "__main__"
    )


def main(chosen: list[str]) -> None:
    for name in chosen or names():
        print(f"— {name}")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
