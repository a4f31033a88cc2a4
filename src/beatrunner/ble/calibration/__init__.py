"""Two minutes that tell how one treadmill really follows: the procedure, and what it reads off.

`procedure` moves the empty belt and says what it does; `response` turns what was seen after a
command into figures. `codecs.calibration` is the form in which they are kept and shared.
"""
