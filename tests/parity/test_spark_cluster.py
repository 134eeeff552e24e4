"""A cluster of a master and two workers gives the answers of one machine."""

from __future__ import annotations

import pytest

from tests.parity.asking import Seen
from tests.parity.batches import batch
from tests.parity.clusters import standalone_cluster
from tests.parity.engines import require_java
from tests.parity.questions import QUESTIONS, check_alike
from tests.parity.telling import Told

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::journeykit.JourneykitWarning")]

NAME = "drawn 5"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """What a cluster answered, and what it did."""
    require_java()
    pytest.importorskip("pyspark", reason="no Spark to start: pip install 'journeykit[spark]'")
    from tests.parity.on_cluster import ask_cluster

    folder = tmp_path_factory.mktemp("cluster")
    with standalone_cluster(folder) as master:
        return ask_cluster(master, folder, batch(NAME))


@pytest.fixture(scope="module")
def embedded():
    """The same log in the embedded engine."""
    seen = Seen(Told(batch(NAME)), lambda frame: frame)
    yield seen
    seen.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_cluster_answers_as_one_machine_does(cluster, embedded, question):
    """Rows are dealt out to executors, and come together by customer."""
    check_alike(cluster.answers[question], embedded.answer(question, None), question)


def test_both_workers_worked(cluster):
    """Else this would be one machine."""
    assert cluster.executors == 2


def test_nothing_is_held_in_the_executors_after_close(cluster):
    """Their memory is everybody's."""
    during, after = cluster.held

    assert during > 0
    assert after == 0


def test_a_lost_executor_is_an_error_and_not_another_number(cluster):
    """What Spark caches it would compute anew, from a source that may have changed."""
    assert "an executor is lost" in cluster.lost
    assert "schema=" in cluster.lost
