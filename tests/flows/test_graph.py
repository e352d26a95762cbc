from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from flows.graph import components, reachable

Graph = Mapping[int, list[int]]
GRAPHS: st.SearchStrategy[Graph] = st.integers(1, 7).flatmap(
    lambda size: st.fixed_dictionaries({node: st.lists(st.integers(0, size - 1), max_size=4) for node in range(size)})
)


def reaches(graph: Graph, start: int, end: int) -> bool:
    return end in reachable(start, graph.__getitem__)


@given(GRAPHS)
def test_what_is_reachable_is_the_start_and_all_to_which_it_leads(graph: Graph) -> None:
    found = reachable(0, graph.__getitem__).keys()
    assert 0 in found
    assert {to for node in found for to in graph[node]} <= found
    assert all(any(node in graph[other] for other in found) for node in found - {0})


@given(GRAPHS)
def test_nodes_share_a_component_where_each_leads_to_the_other(graph: Graph) -> None:
    found = list(components(0, graph.__getitem__))
    assert sorted(node for component in found for node in component) == sorted(reachable(0, graph.__getitem__))
    for component in found:
        for node in component:
            alike = {other for other in graph if reaches(graph, node, other) and reaches(graph, other, node)}
            assert set(component) == alike


@given(GRAPHS)
def test_a_component_comes_before_those_that_lead_to_it(graph: Graph) -> None:
    met: set[int] = set()
    for component in components(0, graph.__getitem__):
        met |= set(component)
        assert {to for node in component for to in graph[node]} <= met
