"""What was read lately, in memory alone: files may hold secrets, so none of it is ever written down."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

_MOST = 128 * 1024 * 1024


class Cache:
    """Values by their key, the one that was used longest ago given up first. For any number of threads.

    What is kept by the hash of its content is true for ever; keys carry the id of a repository or an installation, so
    that nobody is told of another's.
    """

    def __init__(self, most: int = _MOST) -> None:
        """`most` bytes are kept, roughly."""
        self._left = most
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, *key: Hashable) -> Any:
        """The value, None where there is none any more."""
        with self._guard:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, value: Any, size: int, *key: Hashable) -> None:
        """Keep a value of about so many bytes."""
        with self._guard:
            _, was = self._kept.pop(key, (None, 0))
            self._kept[key] = (value, size)
            self._left += was - size
            while self._left < 0 and self._kept:
                _, (_, freed) = self._kept.popitem(last=False)
                self._left += freed
