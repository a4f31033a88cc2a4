"""What to run to a song: rules that always answer, and a place for a cleverer coach above them.

`core.recommendation` holds the rules. A `Coach` may propose something else; `Recommending` keeps
what it proposes within the rules' ranges, and answers by the rules when it fails or is slow.
"""
