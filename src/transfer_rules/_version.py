"""The version of the library, as decisions record it."""

VERSION = "0.1.0"
