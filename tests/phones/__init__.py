"""Tests of beatrunner.phones."""
