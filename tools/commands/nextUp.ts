import { refusedSettings } from "../stack/refusedSettings";
import { StackConfig } from "../stack/stackConfig";

/** What comes after a stack's file was written: `npm run up`, or what that would refuse of it, such as a key that its user chooses. */
export function nextUp(stack: string): string {
  const up = `npm run up -- ${stack}`;
  const refused = refusedSettings(StackConfig.of(stack));
  return refused === undefined ? `Next: ${up}` : `Before \`${up}\`: ${refused.message}`;
}
