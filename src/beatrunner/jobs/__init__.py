"""Work that outlives a request: one table in the same database, at least once, in order of time.

A job is enqueued in the transaction of the change that needs it, so neither is ever without the
other. A worker claims it for a while and renews the claim while it works; when the worker dies
the claim lapses and another worker begins again. Effects are therefore idempotent. A job that
raises is tried again later, at most five times, then it is dead and kept for a look.

Domain events ("activity.imported") are jobs too: whoever registered for the event handles it.
"""
