"""The text of a file of results -> its data, whatever it is written in."""

from typing import Any

from rules.evidence.loading import Broken, documents, json_value


def loaded(text: str) -> Any:
    """The root element of XML, otherwise the data of JSON or of the only document of YAML; Broken or Opaque."""
    start = text.lstrip()[:1]
    if not start:
        raise Broken("is empty: run the evaluation and commit what it writes")
    if start == "<":
        from rules.evidence.results.markup import root  # noqa: PLC0415 - few files are XML

        return root(text)
    try:
        return json_value(text)
    except Broken as error:
        if "extra data" in error.message and start in "{[":
            message = "holds several JSON values, one to a line: commit the one with the result"
            raise Broken(message, error.line) from None
        if start in '{["':
            raise
    found = documents(text, unique=True)
    if len(found) != 1:
        raise Broken(f"holds {len(found)} YAML documents: commit the one with the result")
    if isinstance(found[0], str):
        raise Broken("is plain text, in which no value has a name: have the evaluation write JSON")
    return found[0]
