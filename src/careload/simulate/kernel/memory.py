"""Where a record lies in memory, and asking for it before it is needed.

The compiled day is given addresses, not arrays: an array is nine numbers to hand on at every call, its place
in memory is one. Nothing here checks whether a place exists; `desk.py` is the only file that may use it.

What is said to be fixed never changes while a run lasts, so the compiler need not read it twice.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

TO_WRITE, KEEP_CLOSE, DATA = 1, 3, 1
BYTE, NUMBER, WIDE = ir.IntType(8), ir.IntType(32), ir.IntType(64)


@intrinsic(prefer_literal=True)
def record_in(typing: Any, desk: Any, name: Any, kind: Any, place: Any) -> Any:
    """The record at `place` of the array of records of `kind` that lies where the desk says under `name`."""
    record, where = kind.dtype, name.literal_value

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _fixed(builder, desk, arguments[0], where, WIDE)
        pointer = _pointer(builder, address, arguments[3], record.size)
        return builder.bitcast(pointer, context.get_value_type(record))

    return record(desk, name, kind, place), generate


@intrinsic(prefer_literal=True)
def fixed(typing: Any, desk: Any, name: Any) -> Any:
    """A whole number on the desk that never changes in a run."""
    where = name.literal_value

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _fixed(builder, desk, arguments[0], where, NUMBER)

    return types.int32(desk, name), generate


@intrinsic
def record_at(typing: Any, address: Any, kind: Any, place: Any) -> Any:
    """The record at `place` of an array of records of `kind` that begins at `address`."""
    record = kind.dtype

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(builder, arguments[0], arguments[2], record.size)
        return builder.bitcast(pointer, context.get_value_type(record))

    return record(types.uint64, kind, place), generate


@intrinsic(prefer_literal=True)
def prefetch(typing: Any, desk: Any, name: Any, kind: Any, place: Any) -> Any:
    """Begin to load a record into the cache of the processor; changes no result, only the time it takes."""
    where = name.literal_value

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _fixed(builder, desk, arguments[0], where, WIDE)
        pointer = _pointer(builder, address, arguments[3], kind.dtype.size)
        of = ir.FunctionType(ir.VoidType(), [BYTE.as_pointer(), NUMBER, NUMBER, NUMBER])
        instruction = builder.module.declare_intrinsic("llvm.prefetch", [BYTE.as_pointer()], of)
        flags = [ir.Constant(NUMBER, flag) for flag in (TO_WRITE, KEEP_CLOSE, DATA)]
        builder.call(instruction, [pointer, *flags])
        return cgutils.true_bit

    return types.boolean(desk, name, kind, place), generate


def _fixed(builder: Any, desk: Any, pointer: Any, name: str, kind: Any) -> Any:
    """Load a field of the desk that never changes."""
    start = builder.bitcast(pointer, BYTE.as_pointer())
    field = builder.gep(start, [ir.Constant(WIDE, desk.offset(name))])
    loaded = builder.load(builder.bitcast(field, kind.as_pointer()))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _pointer(builder: Any, address: Any, place: Any, size: int) -> Any:
    wide = place if place.type.width == WIDE.width else builder.sext(place, WIDE)
    start = builder.inttoptr(address, BYTE.as_pointer())
    return builder.gep(start, [builder.mul(wide, ir.Constant(WIDE, size))])
