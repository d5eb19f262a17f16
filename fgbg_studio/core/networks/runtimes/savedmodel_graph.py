"""Reads a SavedModel's graph before anything of it runs: only operations that compute are let in.

TensorFlow sorts its operations by what they are for; the sorts that a network is made of are allowed, and what is in
none of them (files, Python, datasets, summaries, other machines, operations of a package's own) is refused.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fgbg_studio.core.base.errors import NetworkError
from fgbg_studio.core.base.outside import read_file

_MOST_GRAPH = 2 << 30  # bytes: protobuf itself takes no more
_SORTS = (
    "array", "bitwise", "clustering", "control_flow", "functional", "image", "linalg", "list", "manip", "math", "nn",
    "random", "resource_variable", "sparse", "special_math", "spectral", "state", "stateless_random",
)  # fmt: skip
_NOT = {"ImmutableConst", "RemoteCall", "Abort"}
"""Of these sorts: what reads memory of files, calls another machine, ends the process."""
_PARTS = ("", "Read", "Write", "Gather", "Scatter", "Concat", "Split", "Size", "Close")
_ALSO = {"Assert", "Print", "StringFormat", "DynamicPartition", "DynamicStitch", "ParallelDynamicStitch"}
_ALSO |= {f"TensorArray{part}V3" for part in _PARTS}
_SAVING = {"SaveV2", "RestoreV2", "MergeV2Checkpoints", "ShardedFilename", "StringJoin", "StaticRegexFullMatch"}
"""What a model's own saver is made of. `load` reads the variables without it."""


def refuse_reaching_out(path: Path) -> None:
    """See that the SavedModel in the folder ``path`` computes and does nothing else.

    Raises:
        NetworkError: an operation of it is none that computes, or its graph cannot be read.
    """
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2

    model = saved_model_pb2.SavedModel()
    try:
        model.ParseFromString(read_file(path / "saved_model.pb", _MOST_GRAPH))
    except (OSError, DecodeError) as error:
        raise NetworkError(f"{path} cannot be opened ({error})", "Copy or export it again") from error
    found = sorted({op for graph in model.meta_graphs for op in _strange(graph)})
    if found:
        raise NetworkError(
            f"{path} does more than compute: its graph has {', '.join(found[:5])}",
            "Export it without what reads or writes files, runs Python or reports",
        )


def _strange(graph: Any) -> Iterator[str]:
    """The operations of a graph and its functions that are not allowed where they are."""
    functions = {function.signature.name: function for function in graph.graph_def.library.function}
    # A graph without objects is of TensorFlow 1, whose saver is run at loading.
    saver = set(map(_node_of, _saver_names(graph.saver_def))) if graph.HasField("object_graph_def") else set()
    own = _calls([node for node in graph.graph_def.node if node.name in saver], functions)
    others = _calls([node for node in graph.graph_def.node if node.name not in saver], functions)
    # Whatever can be called by its name from outside, too; the saver's functions alone are called by nothing else.
    others |= _reached(graph.object_graph_def.concrete_functions, functions)
    others |= functions.keys() - own
    for name, function in functions.items():
        allowed = _SAVING if name not in others else set()
        yield from (node.op for node in function.node_def if not _computes(node, functions) and node.op not in allowed)
    yield from (node.op for node in graph.graph_def.node if not _computes(node, functions))


def _saver_names(saver: Any) -> tuple[str, str]:
    return saver.save_tensor_name, saver.restore_op_name


def _node_of(tensor: str) -> str:
    return tensor.partition(":")[0]


def _calls(nodes: Iterable[Any], functions: dict[str, Any]) -> set[str]:
    """The functions that nodes call, and those that these call."""
    return _reached((name for node in nodes for name in _named(node, functions)), functions)


def _reached(names: Iterable[str], functions: dict[str, Any]) -> set[str]:
    waiting, reached = [name for name in names if name in functions], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [other for node in functions[name].node_def for other in _named(node, functions)]
    return reached


def _named(node: Any, functions: dict[str, Any]) -> Iterator[str]:
    """The functions that a node names: as its operation, as an attribute, or in a list of them."""
    if node.op in functions:
        yield node.op
    for value in node.attr.values():
        yield from (function.name for function in (value.func, *value.list.func) if function.name in functions)


def _computes(node: Any, functions: dict[str, Any]) -> bool:
    if node.op == "PrintV2":
        return not bytes(node.attr["output_stream"].s).startswith(b"file:")
    return node.op in functions or _is_allowed(node.op)


@cache
def _is_allowed(op: str) -> bool:
    import tensorflow as tf

    if op in _ALSO:
        return True
    known = getattr(tf.raw_ops, op, None)
    return known is not None and op not in _NOT and known.__module__ in _modules()


@cache
def _modules() -> frozenset[str]:
    names = [f"tensorflow.python.ops.gen_{sort}_ops" for sort in _SORTS]
    names.append("tensorflow.python.ops.gen_stateless_random_ops_v2")
    return frozenset(module.__name__ for module in map(importlib.import_module, names))
