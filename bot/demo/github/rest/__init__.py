"""The REST API: one module for each kind of thing, all of whose routes are found by importing them."""

from importlib import import_module
from pkgutil import iter_modules

for _found in iter_modules(__path__):
    import_module(f"{__name__}.{_found.name}")
