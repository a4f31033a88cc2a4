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
_DECLARATION = re.compile(rb"<\?xml\b[^>]{0,200}\?>")
_START = re.compile(rb"<[?!A-Za-z_]")
_ROOT_NAME = re.compile(rb"<[A-Za-z_][^\s/>]*")
_PREFIX_MESSAGE = re.compile(r"Namespace prefix ([\w.-]+) ")
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
    if b"<!DOCTYPE" in text:  # without one there is no place for an entity declaration
        raise UnreadableFileError(Refusal.UNSAFE_XML)
    start = _START.search(text)
    if start is None:
        raise UnreadableFileError(Refusal.DAMAGED, "no element")
    repairs = [Repair(RepairCode.STRAY_BYTES, start.start())] if start.start() else []
    text = text[start.start() :]
    root, errors = _parse(text)
    if prefixes := _undeclared_prefixes(errors):
        repairs.append(Repair(RepairCode.UNDECLARED_PREFIX, len(prefixes)))
        root, errors = _parse(_with_declared(text, prefixes))
    if etree.ElementTree(root).docinfo.internalDTD is not None:
        # An encoding that hides "<!DOCTYPE" from the search above.
        raise UnreadableFileError(Refusal.UNSAFE_XML)
    malformed = [entry for entry in errors if entry.type_name != _UNDECLARED]
    is_truncated = False
    if malformed:
        end_tag = rf"</(?:[\w.-]+:)?{re.escape(local_name(root.tag))}\s*>".encode()
        is_truncated = re.search(end_tag, text) is None
        repairs.append(
            Repair(RepairCode.TRUNCATED)
            if is_truncated
            else Repair(RepairCode.MALFORMED_XML, len(malformed))
        )
    return XmlSource(root, tuple(repairs), is_truncated)


def local_name(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


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


def _parse(text: bytes) -> tuple[etree._Element, list[etree._LogEntry]]:
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
    return root, list(parser.error_log)


def _undeclared_prefixes(errors: list[etree._LogEntry]) -> list[str]:
    messages = [entry.message for entry in errors if entry.type_name == _UNDECLARED]
    found = (_PREFIX_MESSAGE.match(message) for message in messages)
    return sorted({match[1] for match in found if match})


def _with_declared(text: bytes, prefixes: list[str]) -> bytes:
    """Declare `prefixes` on the root element: readers go by local names, any namespace will do."""
    root_name = _ROOT_NAME.search(text)
    if root_name is None:
        return text
    declarations = "".join(f' xmlns:{prefix}="urn:undeclared:{prefix}"' for prefix in prefixes)
    return text[: root_name.end()] + declarations.encode() + text[root_name.end() :]
