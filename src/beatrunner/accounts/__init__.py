"""Who someone is: accounts, the ways to sign in, and the sign-ins that come of it.

Three doors lead to a sign-in: this computer (no password, loopback only), an e-mail address and
password, and the demo runner. Each gives a `Session`: a signed access token that lives for
minutes and is checked without the database, and a refresh token that is exchanged for the next
session. A refresh token is used once; one that comes back late is taken as stolen, and ends the
sign-in it belongs to.
"""
