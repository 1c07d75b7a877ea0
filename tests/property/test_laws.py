"""The laws of `transfer_rules.testing.laws` for every bundled pack, for the probes and for drawn packs."""

import pytest

from tests.property.test_judge import POLICIES
from transfer_rules.testing.laws import LAWS, laws_for

for _path, _policy in POLICIES.items():
    _name = "Test" + "".join(word.capitalize() for word in _path.replace("/", "_").split("_"))
    globals()[_name] = laws_for(_policy, examples=10, name=_name)
