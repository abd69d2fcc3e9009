/** How a command fails: one line on standard error, and an exit status that tells whose fault it was. */

/** The arguments make no sense: exit status 2. */
export class BadArguments extends Error {}

/** The work was understood but did not succeed: exit status 1. Several lines when there are several mistakes. */
export class RunFailed extends Error {}

export const OK = 0;
export const FAILED = 1;
export const BAD_ARGUMENTS = 2;
