"""Reading XML from devices: as forgiving as libxml2 can be, and never obeying the file.

Devices write spaces before the declaration, forget namespace declarations and die mid-write, so
the parser recovers what it can and each mending is told as a `Repair`. Nothing a watch writes
needs a document type or an entity, so a file that has one is refused before it is parsed: that
ends entity bombs and external entities alike.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from beatrunner.core.recording import Repair, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError

_WIDE_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_DECLARATION = re.compile(rb"<\?xml\b[^>]*\?>")
_START = re.compile(rb"<[?!A-Za-z_]")
_UNDECLARED = "NS_ERR_UNDEFINED_NAMESPACE"


@dataclass(frozen=True, slots=True)
class XmlSource:
    """A parsed file. In a truncated one the last element may be cut in the middle of a number."""

    root: etree._Element
    repairs: tuple[Repair, ...]
    is_truncated: bool


def parse_xml(data: bytes) -> XmlSource:
    """Parse `data`, mending what can be mended.

    Raises `UnreadableFileError` with EMPTY, UNSAFE_XML (a document type or an entity
    declaration) or DAMAGED (not one element can be read).
    """
    if not data.strip():
        raise UnreadableFileError(Refusal.EMPTY)
    text = _as_narrow(data)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise UnreadableFileError(Refusal.UNSAFE_XML)
    start = _START.search(text)
    if start is None:
        raise UnreadableFileError(Refusal.DAMAGED, "no element")
    repairs = [Repair(RepairCode.STRAY_BYTES, start.start())] if start.start() else []
    text = text[start.start() :]
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError(Refusal.DAMAGED, str(error)) from error
    if root is None:
        raise UnreadableFileError(Refusal.DAMAGED, "no root element")
    if etree.ElementTree(root).docinfo.internalDTD is not None:
        # An encoding that hides "<!DOCTYPE" from the search above.
        raise UnreadableFileError(Refusal.UNSAFE_XML)
    mended, is_truncated = _mendings(parser, root, text)
    return XmlSource(root, (*repairs, *mended), is_truncated)


def local_name(tag: str) -> str:
    """The name without its namespace, whether the prefix was declared or not."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def find_text(element: etree._Element, name: str) -> str | None:
    """Text of the first child called `name` in any namespace; None when absent or blank."""
    for child in element.iterchildren("*"):
        if local_name(child.tag) == name:
            return (child.text or "").strip() or None
    return None


def _as_narrow(data: bytes) -> bytes:
    """Without byte-order mark, and in an encoding in which ASCII is ASCII."""
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :]
    for mark, encoding in _WIDE_MARKS.items():
        if data.startswith(mark):
            narrow = data.decode(encoding, errors="replace").encode()
            return _DECLARATION.sub(b"", narrow, count=1)
    return data


def _mendings(
    parser: etree.XMLParser, root: etree._Element, text: bytes
) -> tuple[list[Repair], bool]:
    errors = [entry.type_name for entry in parser.error_log]
    undeclared = errors.count(_UNDECLARED)
    repairs = [Repair(RepairCode.UNDECLARED_PREFIX, undeclared)] if undeclared else []
    is_truncated = False
    if len(errors) > undeclared:
        end_tag = rf"</(?:[\w.-]+:)?{re.escape(local_name(root.tag))}\s*>".encode()
        is_truncated = re.search(end_tag, text) is None
        code = RepairCode.TRUNCATED if is_truncated else RepairCode.MALFORMED_XML
        repairs.append(Repair(code, 1 if is_truncated else len(errors) - undeclared))
    return repairs, is_truncated
