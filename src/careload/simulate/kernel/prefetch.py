"""Ask memory for a record before it is needed; changes no result, only the time it takes."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

TO_WRITE, KEEP_CLOSE, DATA = 1, 3, 1


@intrinsic
def prefetch(typing: Any, array: Any, place: Any) -> Any:
    """Begin to load `array[place]` into the cache of the processor."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        values = context.make_array(kind)(context, builder, arguments[0])
        index = builder.sext(arguments[1], context.get_value_type(types.intp))
        pointer = builder.gep(values.data, [index])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        instruction = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        )
        flags = [ir.Constant(number, flag) for flag in (TO_WRITE, KEEP_CLOSE, DATA)]
        builder.call(instruction, [builder.bitcast(pointer, byte), *flags])
        return cgutils.true_bit

    return types.boolean(array, place), generate
