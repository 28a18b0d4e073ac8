"""XML -> the tree of its elements, without any document type: what declares entities is refused, never expanded."""

from typing import Any

from rules.evidence.loading import Broken


def root(text: str) -> Any:
    """The root element (`xml.etree.ElementTree.Element`); Broken for what is no XML, or has a document type."""
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - few files are XML

    from defusedxml import DefusedXmlException  # noqa: PLC0415 - as above
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - as above

    try:
        return fromstring(text, forbid_dtd=True)
    except ParseError as error:
        raise Broken(f"is not XML: {str(error).partition(':')[0]}", error.position[0]) from None
    except DefusedXmlException:
        raise Broken("has a document type, which may hide anything: write it without `<!DOCTYPE`") from None
