"""The bench `api-fuzz`, small: few requests of few routes, and a server that is broken."""

from __future__ import annotations

from benchmarks.api_fuzz import control, fuzz


def test_what_is_sent_to_a_route_is_answered_as_described() -> None:
    found = fuzz(1, 1, "^/v1/(profile|auth/state)$")
    assert found.cases > 10
    assert (found.failures, found.errors) == ({}, [])


def test_a_broken_route_is_found_out() -> None:
    found = control().failures
    assert found["not_a_server_error"] == {"GET /v1/broken/{number}"}
    assert found["response_schema_conformance"] == {"GET /v1/lying"}
