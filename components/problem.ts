/** A mistake that a user can mend: one sentence with what failed, the value, what is allowed and the command that helps. */
export class Problem extends Error {}
