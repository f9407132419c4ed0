"""The options of a run, as the core declares them."""

from __future__ import annotations

from typing import Literal, NamedTuple, cast

from . import _core

Takes = Literal["choice", "number", "path", "switch", "text"]


class Option(NamedTuple):
    """An option of `run`.

    `takes` is "choice" (one of `values`, the default first), "switch" (True or False, which is the default), "number",
    "path" or "text".

    >>> option = next(option for option in options() if option.name == "consent")
    >>> option.takes, option.values
    ('choice', ('ever', 'as-of', 'as-of-phone'))
    """

    name: str
    help: str
    takes: Takes
    values: tuple[str, ...]


def options() -> tuple[Option, ...]:
    """All keyword options of `run`: those of the command line that do not speak of a terminal, with `_` for `-`.

    >>> "shared_serials" in [option.name for option in options()]
    True
    """
    known = _core.options()
    return tuple(Option(name, about, cast(Takes, takes), tuple(values)) for name, about, takes, values in known)
