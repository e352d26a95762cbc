"""Servers that only these tests share with those of storage."""

from __future__ import annotations

from tests.storage.conftest import postgres, redis

__all__ = ["postgres", "redis"]
