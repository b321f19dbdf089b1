// Not the whole SDK: `npm run` starts in half the time without it.
import { RunError } from "@pulumi/pulumi/errors";

/**
 * A mistake that a user can mend: one sentence with what failed, the value, what is allowed and the command that helps.
 *
 * As a `RunError` it is printed without a stack trace.
 */
export class Problem extends RunError {
  constructor(message: string) {
    super(message);
    // Nobody sees it, and Pulumi reads it all the same: mapping it back to TypeScript takes ten seconds.
    this.stack = `${this.name}: ${message}`;
  }
}
