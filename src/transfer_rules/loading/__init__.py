"""YAML text to `Policy`, or every `Diagnostic` at once, each at its line and column."""

from .files import bundled_packs, find_pack, policies_folder
from .policies import load_policy, parse_policy

__all__ = ["bundled_packs", "find_pack", "load_policy", "parse_policy", "policies_folder"]
