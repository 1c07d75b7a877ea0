"""Caseloads in files: a CSV, Parquet or Arrow file as columns for `evaluate_batch`, a stretch of rows at a time, and their decisions as a file.

A cell is read as a snapshot reads the same text (`Fact.read`), but each distinct text of a column only once. Values are never quoted in a message.
"""

from .arrow import with_pyarrow
from .chunks import LABEL, Chunk
from .columns import Caseload, named_column
from .reading import ROWS, read_arrow, read_csv
from .writing import CsvDecisions, ParquetDecisions, refused_in

__all__ = [
    "LABEL", "ROWS", "Caseload", "Chunk", "CsvDecisions", "ParquetDecisions", "named_column", "read_arrow", "read_csv", "refused_in", "with_pyarrow",
]  # fmt: skip
