"""What names mean in a Python program, as far as its text alone tells: imports, and names that are set once."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

# Each step may ask for two values: the deepest is what keeps them few.
_DEEPEST = 10
_PATHS = ("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath", "pathlib.WindowsPath")
_FOLDERS = {"pathlib.Path.cwd": ".", "os.getcwd": ".", "pathlib.Path.home": "~"}
_SAME = ("resolve", "absolute", "expanduser", "as_posix", "strip")
_KEPT = ("str", "os.fspath", "os.path.abspath", "os.path.realpath", "os.path.expanduser", "os.path.normpath")

_Taker = Callable[[Any, "Scope"], "Scope | None"]


class Scope:
    """The names that a function, a class or the module sets, each with what it is set to; None for what is unknown."""

    def __init__(self, outer: "Scope | None", program: "Program", *, closed: bool = False) -> None:
        self.outer, self.program, self.closed = outer, program, closed
        self.names: dict[str, list[ast.expr | None]] = {}

    def set(self, name: str, value: ast.expr | None) -> None:
        """Note that a name is set."""
        self.names.setdefault(name, []).append(value)

    def value(self, name: str) -> ast.expr | None:
        """What a name is set to, where it is set exactly once; a class's names are not those of its functions."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or not scope.closed):
                values = scope.names[name]
                return values[0] if len(values) == 1 else None
            scope = scope.outer
        return None

    def text(self, node: ast.expr | None, depth: int = 0) -> str | None:
        """The text that an expression is, where it is made of literals alone; None for everything else."""
        if depth > _DEEPEST or node is None:
            return None
        if isinstance(node, ast.List | ast.Tuple) and node.elts:
            node = node.elts[0]
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            if node.id == "__file__":
                return "./__file__"
            return self.text(self.value(node.id), depth + 1)
        return self._made(node, depth)

    def _made(self, node: ast.expr, depth: int) -> str | None:
        """The text that is put together of others."""
        if isinstance(node, ast.JoinedStr):
            return self._joined([self._piece(part, depth) for part in node.values], "")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
            sides = [self.text(side, depth + 1) for side in (node.left, node.right)]
            return self._joined(sides, "/" if isinstance(node.op, ast.Div) else "")
        if isinstance(node, ast.Attribute) and node.attr == "parent":
            return _above(self.text(node.value, depth + 1), 1)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
            up = node.slice.value if isinstance(node.slice, ast.Constant) else None
            return _above(self.text(node.value.value, depth + 1), up + 1) if type(up) is int and 0 <= up < 20 else None
        return self._called(node, depth) if isinstance(node, ast.Call) else None

    def _piece(self, part: ast.expr, depth: int) -> str | None:
        return self.text(part.value if isinstance(part, ast.FormattedValue) else part, depth + 1)

    def _joined(self, parts: list[str | None], between: str) -> str | None:
        known = [part for part in parts if part is not None]
        if len(known) != len(parts):
            return None
        # `folder / "/x"` is `/x`: a path that is whole replaces what stands before it.
        whole = [at for at, part in enumerate(known) if between and part.startswith("/")]
        text = between.join(known[whole[-1] if whole else 0 :])
        return text if len(text) <= 4096 else None

    def _called(self, node: ast.Call, depth: int) -> str | None:
        called = self.program.dotted(node.func)
        if called in _FOLDERS:
            return _FOLDERS[called]
        if called == "os.path.dirname" and len(node.args) == 1:
            return _above(self.text(node.args[0], depth + 1), 1)
        if called in _PATHS or called in ("os.path.join", *_KEPT):
            return self._joined([self.text(one, depth + 1) for one in node.args], "/") if node.args else None
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return self._filled(node, self.text(node.func.value, depth + 1), depth)
        if isinstance(node.func, ast.Attribute) and node.func.attr in (*_SAME, "joinpath"):
            return self._joined([self.text(one, depth + 1) for one in (node.func.value, *node.args)], "/")
        return None

    def _filled(self, node: ast.Call, form: str | None, depth: int) -> str | None:
        """The text of `"{}.csv".format("x")`."""
        parts = (form or "").split("{}")
        if "{" in "".join(parts) or len(parts) != len(node.args) + 1:
            return None
        values = [self.text(one, depth + 1) for one in node.args]
        return self._joined([one for pair in zip(parts, [*values, ""], strict=True) for one in pair], "")


class Program:
    """A module: its calls and texts, each with the scope in which it stands."""

    def __init__(self, tree: ast.Module) -> None:
        self.imports: dict[str, str] = {}
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.texts: list[tuple[str, int, int]] = []
        self.handles: dict[str, list[ast.expr]] = {}
        self._noted: set[int] = set()
        self._follow(tree)

    def dotted(self, node: ast.expr) -> str:
        """The whole name of what a name means, by the imports: `pd.read_csv` is `pandas.read_csv`; else empty parts."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        parts.append(self.imports.get(node.id, node.id) if isinstance(node, ast.Name) else "")
        return ".".join(reversed(parts))

    def handle(self, node: ast.expr) -> ast.expr | None:
        """What a file that is read from was opened with, where a name means one file alone."""
        if isinstance(node, ast.Name):
            opened = self.handles.get(node.id, [])
            return opened[0] if len(opened) == 1 else None
        return node

    def _follow(self, tree: ast.Module) -> None:
        # No recursion: how deep a program is nested is its author's choice.
        stack: list[tuple[ast.AST, Scope]] = [(tree, Scope(None, self))]
        takers = self._takers()
        while stack:
            node, scope = stack.pop()
            taker = takers.get(type(node))
            inner = (taker(node, scope) if taker else None) or scope
            for name in reversed(node._fields):
                value = getattr(node, name, None)
                if isinstance(value, list):
                    stack += [(one, inner) for one in reversed(value) if isinstance(one, ast.AST)]
                elif isinstance(value, ast.AST) and value._fields:
                    stack.append((value, inner))

    def _takers(self) -> dict[type, "_Taker"]:
        """What is done at the kinds of node that say something; where it opens a scope, that is what it returns."""
        return {
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.Lambda: self._function,
            ast.ClassDef: self._class,
            ast.Import: lambda node, _: self._imported(node),
            ast.ImportFrom: lambda node, _: self._imported(node),
            ast.Assign: lambda node, scope: self._set(scope, *_single(node)),
            ast.AnnAssign: lambda node, scope: self._set(scope, node.target, node.value),
            ast.NamedExpr: lambda node, scope: self._set(scope, node.target, node.value),
            ast.withitem: lambda node, scope: self._set(scope, node.optional_vars, node.context_expr),
            ast.Name: self._stored,
            ast.Global: self._everywhere,
            ast.Nonlocal: self._everywhere,
            ast.Call: lambda node, scope: self.calls.append((node, scope)),
            ast.Expr: lambda node, _: self._noted.add(id(node.value)),
            ast.Constant: self._said,
        }

    def _function(self, node: Any, scope: Scope) -> Scope:
        inner = Scope(scope, self)
        for argument in _arguments(node.args):
            inner.set(argument.arg, None)
        if not isinstance(node, ast.Lambda):
            scope.set(node.name, None)
        return inner

    def _class(self, node: Any, scope: Scope) -> Scope:
        scope.set(node.name, None)
        return Scope(scope, self, closed=True)

    def _said(self, node: Any, scope: Scope) -> None:  # noqa: ARG002 - as the others
        """A text, unless it is a statement of its own: a docstring, which nobody runs."""
        if isinstance(node.value, str) and id(node) not in self._noted:
            self.texts.append((node.value, node.lineno, node.end_lineno or node.lineno))

    def _set(self, scope: Scope, target: ast.expr | None, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name) and value is not None:
            scope.set(target.id, value)
            self.handles.setdefault(target.id, []).append(value)
            self._noted.add(id(target))

    def _stored(self, node: Any, scope: Scope) -> None:
        """A name that is set in any other way: by a loop, in a tuple, by `+=`, by `del`."""
        if type(node.ctx) is not ast.Load and id(node) not in self._noted:
            scope.set(node.id, None)

    def _everywhere(self, node: Any, scope: Scope) -> None:
        """Names that an inner function may set: what they mean is not known in any scope."""
        one: Scope | None = scope
        while one is not None:
            for name in node.names:
                one.set(name, None)
            one = one.outer

    def _imported(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for name in node.names:
                self.imports[name.asname or name.name.partition(".")[0]] = (
                    name.name if name.asname else name.name.partition(".")[0]
                )
        elif not node.level:
            for name in node.names:
                self.imports[name.asname or name.name] = f"{node.module}.{name.name}"


def _above(path: str | None, steps: int) -> str | None:
    """The folder so many steps above a path."""
    for _ in range(steps if path is not None else 0):
        rest = str(path).rstrip("/").rpartition("/")
        path = (rest[0] or ".") if rest[2] not in ("", ".", "..") else f"{path}/..".removeprefix("./")
    return path


def _single(node: ast.Assign) -> tuple[ast.expr | None, ast.expr]:
    return (node.targets[0] if len(node.targets) == 1 else None), node.value


def _arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    yield from (one for one in (arguments.vararg, arguments.kwarg) if one is not None)
