"""Mutants of a Python module: one small change each, numbered in the order of the source.

Changed is what decides: comparisons and their strictness, `and`/`or`/`not`, arithmetic and set operators, numbers (one more, one less), True,
False and None, words that are values, the cases and guards of `match`, the filters of comprehensions, `min`/`max`, `any`/`all` and the like,
default values, and statements that act or return.
Left alone is what does not: annotations, docstrings, decorators, assertions, protocols, the texts of messages (f-strings, words with blanks).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COMBINED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
}
SIDES: dict[type[ast.operator], tuple[str, ...]] = {ast.BitOr: ("left", "right"), ast.BitAnd: ("left",), ast.Sub: ("left",)}
"""The operators of which one side alone is tried as well: sets are joined and taken from each other."""

_OPPOSITES = (
    ("min", "max"),
    ("any", "all"),
    ("any_of", "all_of"),
    ("soonest", "latest"),
    ("union", "intersection"),
    ("issubset", "issuperset"),
    ("startswith", "endswith"),
)
OPPOSITES = dict([*_OPPOSITES, *((second, first) for first, second in _OPPOSITES)])

_WORD = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
"""A text of this shape is a value that something is compared with; a message has blanks."""

_NO_VALUES = frozenset({"Literal", "TypeVar", "NewType", "TYPE_CHECKING"})


@dataclass(frozen=True, slots=True)
class Key:
    """What a mutant is known by, wherever the line stands: the function, the text of the line, and the change.

    Attributes:
        function: its qualified name; of a class or a module, what stands in it outside functions.
        repeat: 0, or how often the same change came before in lines of the same text in this function.
    """

    module: str
    function: str
    line: str
    change: str
    repeat: int = 0


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: `new` stands in the field of a node (at `index`, if the field is a list of which one is changed).

    Attributes:
        number: from 0, in the order of the source.
        lines: the physical lines of which at least one runs whenever the change can make a difference.
        outer: the qualified name and the first line of the outermost function that the change stands in; None where it runs at import.
    """

    number: int
    key: Key
    lines: range
    outer: tuple[str, int] | None
    node: ast.AST
    field: str
    index: int | None
    new: Any

    def apply(self) -> Any:
        """Change the tree, and return what was there before."""
        return self._put(self.new)

    def undo(self, before: Any) -> None:
        self._put(before)

    def _put(self, value: Any) -> Any:
        there = getattr(self.node, self.field)
        if self.index is None:
            setattr(self.node, self.field, value)
            return there
        before = there[self.index]
        there[self.index] = value
        return before


@dataclass(frozen=True, slots=True)
class _Where:
    """The function around a node, the outermost one, and the lines of the statement that the node is part of."""

    function: str = ""
    outer: tuple[str, int] | None = None
    first: int = 0
    in_class: bool = False


@dataclass(slots=True)
class _Maker:
    module: str
    lines: list[str]
    made: list[Mutant] = field(default_factory=list)
    seen: Counter[Key] = field(default_factory=Counter)

    def add(self, where: _Where, at: ast.AST, name: str, index: int | None, old: str, new: Any, said: str) -> None:
        node = at if index is None else getattr(at, name)[index]
        line = getattr(node, "lineno", None) or getattr(at, "lineno", 0) or where.first
        last = getattr(node, "end_lineno", None) or line
        if isinstance(node, ast.For | ast.If | ast.While | ast.Match | ast.With):
            last = line
        key = Key(self.module, where.function, self.lines[line - 1].strip(), f"{_short(old)}  ->  {_short(said)}")
        self.seen[key] += 1
        key = replace(key, repeat=self.seen[key] - 1)
        self.made.append(Mutant(len(self.made), key, range(min(where.first, line), last + 1), where.outer, at, name, index, new))

    def swap(self, where: _Where, at: ast.AST, name: str, index: int | None, new: ast.AST) -> None:
        old = getattr(at, name) if index is None else getattr(at, name)[index]
        ast.copy_location(new, old)
        ast.fix_missing_locations(new)
        self.add(where, at, name, index, ast.unparse(old), new, ast.unparse(new))

    # --- walking

    def walk(self, node: ast.AST, where: _Where) -> None:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "bases", "keywords") and isinstance(
                node, ast.arg | ast.AnnAssign | ast.FunctionDef | ast.ClassDef
            ):
                continue
            for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
                if isinstance(child, ast.AST) and not _left_alone(child):
                    self.visit(node, name, index, child, where)

    def visit(self, at: ast.AST, name: str, index: int | None, node: ast.AST, where: _Where) -> None:
        if isinstance(node, ast.stmt):
            where = replace(where, first=node.lineno)
            self.statement(at, name, index, node, where)
        for new in _changed(node, at, name):
            self.swap(where, at, name, index, new)
        match node:
            case ast.FunctionDef():
                self.walk(node.args, replace(where, function=_under(where, node.name)))
                inner = _Where(_under(where, node.name), where.outer or (_under(where, node.name), _first_line(node)))
                for number, child in enumerate(node.body):
                    if not _left_alone(child):
                        self.visit(node, "body", number, child, inner)
            case ast.ClassDef():
                self.walk(node, replace(where, function=_under(where, node.name)))
            case ast.comprehension():
                for number, test in enumerate(node.ifs):
                    rest = [*node.ifs[:number], *node.ifs[number + 1 :]]
                    self.add(replace(where, first=test.lineno), node, "ifs", None, f"if {ast.unparse(test)}", rest, "")
                self.walk(node, where)
            case ast.Match():
                for number, case in enumerate(node.cases):
                    rest = [*node.cases[:number], *node.cases[number + 1 :]]
                    there = replace(where, first=case.pattern.lineno)
                    if rest:
                        self.add_case(there, node, number, rest)
                    if case.guard is not None:
                        self.add(there, case, "guard", None, f"if {ast.unparse(case.guard)}", None, "")
                self.walk(node, where)
            case ast.match_case():
                self.walk(node, replace(where, first=node.pattern.lineno))
            case ast.Raise():
                pass
            case _:
                self.walk(node, where)

    def add_case(self, where: _Where, node: ast.Match, number: int, rest: list[ast.match_case]) -> None:
        pattern = node.cases[number].pattern
        line = self.lines[pattern.lineno - 1].strip()
        key = Key(self.module, where.function, line, f"{_short(f'case {ast.unparse(pattern)}')}  ->  ")
        self.seen[key] += 1
        key = replace(key, repeat=self.seen[key] - 1)
        lines = range(pattern.lineno, (pattern.end_lineno or pattern.lineno) + 1)
        self.made.append(Mutant(len(self.made), key, lines, where.outer, node, "cases", None, rest))

    def statement(self, at: ast.AST, name: str, index: int | None, node: ast.stmt, where: _Where) -> None:
        match node:
            case ast.Expr() | ast.AugAssign() | ast.Delete(targets=[ast.Attribute() | ast.Subscript(), *_]) | ast.Raise() | ast.Return(value=None):
                self.swap(where, at, name, index, ast.Pass())
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
                self.swap(where, at, name, index, ast.Pass())
            case ast.Break():
                self.swap(where, at, name, index, ast.Continue())
            case ast.Continue():
                self.swap(where, at, name, index, ast.Break())
            case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
                self.swap(where, node, "value", None, ast.Constant(None))
            case ast.For():
                self.swap(where, node, "iter", None, ast.Tuple([], ast.Load()))
            case ast.Try(handlers=handlers):
                for handler in handlers:
                    again = [ast.fix_missing_locations(ast.copy_location(ast.Raise(), handler))]
                    self.add(replace(where, first=handler.lineno), handler, "body", None, ast.unparse(handler), again, "raise")


def mutants(source: str, module: str) -> tuple[ast.Module, list[Mutant]]:
    """Return the tree of a module and every mutant of it; each changes that tree in place."""
    tree = ast.parse(source)
    maker = _Maker(module, source.splitlines())
    maker.walk(tree, _Where())
    return tree, maker.made


def _left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.Assert() | ast.Import() | ast.ImportFrom() | ast.Global() | ast.Nonlocal():
            return True
        case ast.ClassDef(bases=bases):
            return any(isinstance(base, ast.Name) and base.id in ("Protocol", "TypedDict") for base in bases)
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return (name.startswith("__") and name.endswith("__")) or _left_alone(value)
        case ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Name(id=name)):
            return name in _NO_VALUES
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def _changed(node: ast.AST, parent: ast.AST, name: str) -> Iterator[ast.AST]:
    """Yield what may stand in place of a node."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for number, op in enumerate(ops):
                for other in COMPARED[type(op)]:
                    yield ast.Compare(left, [*ops[:number], other(), *ops[number + 1 :]], others)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for number in range(len(values)):
                rest = [*values[:number], *values[number + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=op, right=right) if type(op) in COMBINED and not isinstance(left, ast.Constant | ast.JoinedStr):
            yield ast.BinOp(left, COMBINED[type(op)](), right)
            yield from (getattr(node, side) for side in SIDES.get(type(op), ()))
        case ast.AugAssign(target=target, op=op, value=value) if type(op) in COMBINED:
            yield ast.AugAssign(target, COMBINED[type(op)](), value)
        case ast.Name(id=word, ctx=ast.Load()) if word in OPPOSITES:
            yield ast.Name(OPPOSITES[word], ast.Load())
        case ast.Attribute(value=value, attr=word, ctx=ast.Load()) if word in OPPOSITES:
            yield ast.Attribute(value, OPPOSITES[word], ast.Load())
        case ast.MatchOr(patterns=patterns):
            for number in range(len(patterns)):
                rest = [*patterns[:number], *patterns[number + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.MatchOr(rest)
        case ast.Constant(value=value):
            yield from map(ast.Constant, _other_values(value, parent))
    if isinstance(node, ast.expr) and name in ("test", "ifs", "guard") and not isinstance(node, ast.BoolOp):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            return
        yield ast.UnaryOp(ast.Not(), node)


def _other_values(value: object, parent: ast.AST) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif value is None:
        # `x is None` has a change of its own. Unknown is not false, so False is what None is most easily mistaken for.
        if not isinstance(parent, ast.Compare):
            yield False
    elif isinstance(value, str) and _WORD.fullmatch(value):
        yield f"{value}_x"


def _under(where: _Where, name: str) -> str:
    return f"{where.function}.{name}" if where.function else name


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else f"{text[:110]} ... {text[-45:]}"
