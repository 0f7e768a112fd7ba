"""See tests/helpers/tenants.py."""

from __future__ import annotations

from tests.helpers.aws_context import logging_restored
from tests.helpers.tenants import fresh, tenants

__all__ = ["fresh", "logging_restored", "tenants"]
