"""Tests of the house; what an `assert` of a helper compared is shown as a test's is."""

import pytest

pytest.register_assert_rewrite("tests.helpers")
