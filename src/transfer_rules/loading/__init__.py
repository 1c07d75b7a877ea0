"""YAML text to `Policy`, or every `Diagnostic` at once, each at its line and column."""

from .files import bundled_packs, find_pack, load_policy, parse_policy, policies_folder

__all__ = ["bundled_packs", "find_pack", "load_policy", "parse_policy", "policies_folder"]
