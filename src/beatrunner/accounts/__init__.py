"""Who someone is: accounts, sign-ins, personal tokens, and the log of an account's safety.

The door of this computer (no password, loopback only) is here; the others are in `identity`,
`phones` and `demo`. Each gives a `Session`: a signed access token that lives for minutes, and a
refresh token that is exchanged for the next session. A refresh token is used once; one that comes
back late is taken as stolen, and ends the sign-in it belongs to.
"""
