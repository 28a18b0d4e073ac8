"""How hypothesis runs: without deadlines, since nothing here is timed, and the same way each time in CI; and what is
measured: the processes that run the tests, and not the servers that they start, which would take twice as long."""

import os

from hypothesis import settings

settings.register_profile("pilotgate", deadline=None, print_blob=True, derandomize=bool(os.environ.get("CI")))
settings.load_profile("pilotgate")

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
