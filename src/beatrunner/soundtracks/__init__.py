"""What played where: plays and streams on one clock.

A soundtrack is computed, never edited: from an activity's streams, the plays around it and the
runner's clock offset. It is computed anew whenever one of the three changes.
"""
