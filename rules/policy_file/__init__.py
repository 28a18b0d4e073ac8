"""Policy file: a contract that can't be read, or is quietly loosened, binds nobody."""

SECTION = "version"
