"""What a runner trains with: bridges, and the treadmills, straps and foot pods each one sees.

A bridge is a process beside a belt. It joins an account by a pairing code that somebody signed in
reads to it, and from then on shows a token of its own, which opens that account's workout sockets
and nothing else, until it is withdrawn.
"""
