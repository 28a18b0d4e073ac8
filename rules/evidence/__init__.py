"""Pure readers: text of the repository's files -> facts. Each knows a format and no rule.

A format is recognised from what a file holds, never from its name alone. What is broken in a file is kept with its
line, for the rule that first needs it to say; what can't be told (a template, a format that nobody here knows) is kept
with its reason, and is never taken for good.
"""
