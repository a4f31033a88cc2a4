"""FIT, the file format of most sports watches: activities in, activities out.

`scanner` finds the messages (and explains how the format works), `layout` knows where their
fields lie, `messages` reads fields as columns, `profile` names the numbers, `columns` and
`timeline` say what they mean, `recordings` puts it together; `writer` goes the other way.
"""

from beatrunner.codecs.fit.recordings import read_fit
from beatrunner.codecs.fit.writer import write_fit

__all__ = ["read_fit", "write_fit"]
