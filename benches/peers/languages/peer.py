import sys
import time
from collections.abc import Callable


def serve(**operations: Callable[[], object]) -> None:
    """Answers as `serve` of `src/lib.rs` does."""
    print(*operations, sep="\t", flush=True)
    for line in sys.stdin:
        calls, name = line.rstrip("\n").split("\t")
        operation, repetitions = operations[name], range(int(calls))
        began = time.perf_counter_ns()
        for _ in repetitions:
            operation()
        print(time.perf_counter_ns() - began, "-", sep="\t", flush=True)
