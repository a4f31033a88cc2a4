"""XML from strangers: mended where it can be, refused where it gives orders."""

from __future__ import annotations

import codecs
import time

import pytest

from beatrunner.codecs.xml_source import find_text, local_name, parse_xml
from beatrunner.core.recording import Repair, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError

PLAIN = b'<?xml version="1.0" encoding="UTF-8"?><a><b>text</b></a>'


def refusal(data: bytes) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        parse_xml(data)
    return caught.value.reason


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        codecs.BOM_UTF8 + PLAIN,
        PLAIN.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.decode().encode("utf-16-be"),
        codecs.BOM_UTF32_LE + PLAIN.decode().encode("utf-32-le"),
        PLAIN.replace(b"UTF-8", b"ISO-8859-1"),
    ],
)
def test_every_encoding_without_repair(data: bytes) -> None:
    source = parse_xml(data)
    assert find_text(source.root, "b") == "text"
    assert (source.repairs, source.is_truncated) == ((), False)


@pytest.mark.parametrize("stray", [b"   ", b"\r\n", b"junk "])
def test_stray_bytes_before_the_declaration(stray: bytes) -> None:
    source = parse_xml(stray + PLAIN)
    assert find_text(source.root, "b") == "text"
    assert source.repairs == (Repair(RepairCode.STRAY_BYTES, len(stray)),)


def test_undeclared_prefixes_get_a_namespace() -> None:
    source = parse_xml(b"<a><x:b>1</x:b><y-2:c>2</y-2:c><x:b>3</x:b></a>")
    assert [local_name(child.tag) for child in source.root] == ["b", "c", "b"]
    assert len(list(source.root.iter("{*}b"))) == 2
    assert source.repairs == (Repair(RepairCode.UNDECLARED_PREFIX, 2),)


def test_malformed_and_truncated_are_told_apart() -> None:
    malformed = parse_xml(b"<a><b>1</c></b><b>2</b></a>")
    assert [repair.code for repair in malformed.repairs] == [RepairCode.MALFORMED_XML]
    assert not malformed.is_truncated
    truncated = parse_xml(b"<a><b>1</b><b>2")
    assert truncated.repairs == (Repair(RepairCode.TRUNCATED),)
    assert truncated.is_truncated


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
    ],
)
def test_document_types_are_refused(data: bytes) -> None:
    assert refusal(data) in (Refusal.UNSAFE_XML, Refusal.DAMAGED)


def test_entities_are_never_resolved() -> None:
    assert find_text(parse_xml(b"<a><b>x&secret;y</b></a>").root, "b") == "x"


def test_deep_nesting_ends_without_a_crash() -> None:
    assert parse_xml(b"<a>" * 100_000).is_truncated


def test_one_endless_text_takes_no_quadratic_time() -> None:
    # Of 20 million characters the parser takes no more than the first 10 million.
    began = time.process_time()
    parse_xml(b"<a><b>" + b"x" * 20_000_000 + b"</b></a>")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", Refusal.EMPTY), (b"\n ", Refusal.EMPTY), (b"text", Refusal.DAMAGED),
     (b"<?xml version='1.0'?>", Refusal.DAMAGED), (b"< a>", Refusal.DAMAGED)],
)  # fmt: skip
def test_refusals(data: bytes, reason: Refusal) -> None:
    assert refusal(data) is reason
