"""Finding a pack by its name or path, and reading files that need not be what they seem."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from ..errors import Diagnostic, Location, PackError, did_you_mean


def policies_folder() -> Path:
    """Return the folder of the bundled packs: inside the installed package, or at the top of a checkout."""
    installed = installed_policies()
    return installed if installed.is_dir() else installed.parents[2] / "policies"


def installed_policies() -> Path:
    """Return the folder inside the package that holds the bundled packs once it is installed; a checkout has none."""
    return Path(__file__).resolve().parent.parent / "policies"


def bundled_packs() -> tuple[str, ...]:
    """Return the names of the bundled packs, sorted."""
    return tuple(sorted(path.stem for path in policies_folder().glob("*.yaml")))


def find_pack(name: str | os.PathLike[str]) -> Path:
    """Return the path of a pack: a bare name is a bundled pack, anything with a separator or a suffix is a path.

    Raises:
        PackError: there is no bundled pack of this name.
    """
    text = os.fspath(name)
    if isinstance(name, os.PathLike) or "/" in text or os.sep in text or Path(text).suffix:
        return Path(text)
    known = bundled_packs()
    if text not in known:
        why = f"a word without a dot or a slash names a bundled pack: {', '.join(known) or 'none is there'}"
        mend = did_you_mean(text, known) or f"for a file, give its path, such as ./{text}.yaml"
        raise PackError([Diagnostic("unknown-pack", f"no pack of the name `{text}` is bundled", why=why, mend=mend)])
    return policies_folder() / f"{text}.yaml"


def read_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of an ordinary file, at most one more than `max_bytes`. Raises PackError where there is none to read."""
    what, mend = "it cannot be read", "check that you may read it"
    with suppress(OSError, ValueError):
        # What is no ordinary file is never opened: a pipe would wait for ever.
        if path.is_file():
            with open(path, "rb", opener=_open_at_once) as stream:
                # Asked again of what was opened: another thing may have taken its place since.
                if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                    return stream.read(max_bytes + 1)
        what, mend = ("this is a folder", "name a file in it") if path.is_dir() else ("there is no ordinary file here", "check the name")
    raise PackError(
        [Diagnostic("no-file", what, Location(shown_path(path), 1, 1), why="an ordinary file is read, no folder, pipe or device", mend=mend)]
    )


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def shown_path(path: Path) -> str:
    """Return a path as places show it."""
    return path.as_posix()
