/** The server's rule (accounts/passwords.py), told before it has to refuse. */

/** Where the password is all that is asked for. */
export const LEAST_ALONE = 15;
/** Where a second factor is asked for, too. */
export const LEAST_WITH_SECOND = 8;
