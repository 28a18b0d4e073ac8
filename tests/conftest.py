"""How hypothesis runs: without deadlines, since nothing here is timed, and the same way each time in CI."""

import os

from hypothesis import settings

settings.register_profile("pilotgate", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("pilotgate")
