"""Building a wheel reads each bundled pack once, so that loading one by its name takes no YAML (src/transfer_rules/loading/prepared.py)."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


# The hook takes no configuration, so there is nothing to say of its type.
class PreparedPacks(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the prepared packs beside the packs of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # Its packs are those of the checkout, which somebody is about to edit.
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from transfer_rules.loading.prepared import path_of, prepare

        self.folder = TemporaryDirectory()
        for pack in sorted((root / "policies").glob("*.yaml")):
            file = Path(self.folder.name, path_of(pack).name)
            file.write_bytes(prepare(pack))
            build_data["force_include"][str(file)] = f"transfer_rules/policies/prepared/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.folder.cleanup()
