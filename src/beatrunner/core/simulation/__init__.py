"""A gym in numbers: the belt, the runner on it and the sensors the runner wears.

The plant of benchmarks, the demo and the tests. Nothing here is real time or random by itself:
each part is moved by `step(dt_s, ...)`, and what is drawn is drawn from a given seed.
"""
