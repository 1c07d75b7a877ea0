"""The invented pack uses every construct of the language, so that no reading of it can forget one."""

from collections.abc import Iterator

import pytest

from transfer_rules.checks import Report, check_policy
from transfer_rules.conditions import CONDITIONS
from transfer_rules.examples import examples_beside, read_examples, run_example
from transfer_rules.facts import FACT_KINDS
from transfer_rules.grammar import ADDITION_ABOUT, AGES, BLOCKS, FORM_ABOUT, GROUPINGS, OPERATORS, UNIT_ABOUT
from transfer_rules.loading.nodes import Fields, Node
from transfer_rules.loading.parts import PackReader
from transfer_rules.loading.yaml_events import read_yaml
from transfer_rules.pack import Pack
from transfer_rules.timescales import MOVES, TIMESCALES

from .marlshire import PATH, marlshire

EXAMPLES = read_examples(examples_beside(PATH))
KEYS = [(block.name, key.name) for block in BLOCKS.values() for key in block.keys]


class Recorder(PackReader):
    """Reads as ever, and notes every key of every block, condition and timescale that it meets."""

    def __init__(self, text: bytes):
        super().__init__(read_yaml(text, "marlshire.yaml"), {})
        self.met: set[tuple[str, str]] = set()

    def block(self, name: str, node: Node):
        self._meet(name, node)
        return super().block(name, node)

    def condition(self, node: Node):
        self._meet("condition", node)
        return super().condition(node)

    def timescale(self, node: Node, *, moves: bool = False):
        self._meet("timescale", node)
        return super().timescale(node, moves=moves)

    def _meet(self, name: str, node: Node) -> None:
        self.met |= {(name, key.text) for key, _ in node.fields} if isinstance(node, Fields) else set()


@pytest.fixture(scope="module")
def met() -> set[tuple[str, str]]:
    recorder = Recorder(PATH.read_bytes())
    assert recorder.read() is not None
    return recorder.met


def objects(value: object) -> Iterator[object]:
    """Return a value and everything inside it."""
    yield value
    match value:
        case dict():
            yield from (inner for one in value.values() for inner in objects(one))
        case tuple() | frozenset():
            yield from (inner for one in value for inner in objects(one))
        case object(__dataclass_fields__=fields):
            yield from (inner for name in fields if name != "readings" for inner in objects(getattr(value, name)))


@pytest.fixture(scope="module")
def classes() -> set[type]:
    pack: Pack = marlshire().pack
    return {type(one) for one in objects(pack)}


@pytest.mark.parametrize(("block", "key"), KEYS, ids=[f"{block}: {key}" for block, key in KEYS])
def test_every_key_of_every_block_occurs(block, key, met):
    assert (block, key) in met


@pytest.mark.parametrize("name", [*OPERATORS, *AGES, *GROUPINGS, "fact"])
def test_every_word_of_a_condition_occurs(name, met):
    assert ("condition", name) in met


@pytest.mark.parametrize("name", [*UNIT_ABOUT, *FORM_ABOUT, *ADDITION_ABOUT])
def test_every_word_of_a_timescale_occurs(name, met):
    assert ("timescale", name) in met


@pytest.mark.parametrize("node", [*CONDITIONS, *TIMESCALES], ids=lambda node: node.__name__)
def test_every_class_of_condition_and_timescale_occurs(node, classes):
    assert node in classes


@pytest.mark.parametrize("kind", FACT_KINDS)
def test_every_type_of_fact_is_declared(kind):
    assert kind in {fact.kind for fact in marlshire().pack.local_facts.values()}


@pytest.mark.parametrize("move", MOVES)
def test_work_counts_from_every_day_of_the_move(move):
    assert move in {one.which for one in objects(marlshire().pack) if type(one).__name__ == "MoveDay"}


@pytest.mark.parametrize("answer", ["stay", "close"])
def test_people_decide_between_every_kind_of_answer(answer):
    assert answer in marlshire().rules["managers_decide_during_proceedings"].effect.between


def test_checking_it_finds_nothing():
    assert check_policy(marlshire()) == Report(())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_its_examples_are_decided_as_expected(example):
    assert run_example(marlshire(), example) == ()
