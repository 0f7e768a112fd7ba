"""One cluster for the tests that leave it as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.shards import Cluster, running_cluster
from tests.helpers.keepers import quick_folder


@pytest.fixture(scope="package")
def cluster() -> Iterator[Cluster]:
    with quick_folder("cluster") as home, running_cluster(home) as made:
        yield made
