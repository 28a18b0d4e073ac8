"""What can go wrong without being a bug."""


class UserError(Exception):
    """Something that the person who asked can mend. The message is one line: what is wrong, and what to do."""
