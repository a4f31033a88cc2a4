"""Everything a runner has, out again: one run in the forms other programs read, and the account.

`of_run` and `listens` write what is asked for while it is asked for. The whole account is a job
(`account_export`), which writes one ZIP: every table that belongs to accounts row by row
(`db.account_contents` names the few that stay, each with its reason), the original files, and what
is useful without BeatRunner. Dropped at the door for files, such a ZIP comes back (`taking_in`):
its tables are imported one part after the other like any other files, each in its own
transaction, so a killed import goes on where it was, and what is there already stays as it is.
"""
