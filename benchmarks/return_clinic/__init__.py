"""One queue, written eight times: the reference model `return-clinic`, against which the simulator is tested.

`text.py` holds the model's parameters and its ten outputs, and is the only place that does.
`with_simpy.py` follows the text step by step and is the oracle; `with_simpy_docs.py` is SimPy as its
documentation teaches, `with_simpy_tuned.py` SimPy as quick as it can be made, `with_ciw.py` and
`with_salabim.py` the same model as far as those libraries can say it, and `plain.cpp` (run by `plain.py`) a
C++ program of this model alone. `with_careload.py` is the general engine, `with_lists.py` its algorithm in
plain Python. `oracle.py` runs the oracle many times and keeps what came out; `compare.py` sets all of them
beside it: how fast, and do they agree. `ratios.py` says how many times as fast, and what is asked.
"""
