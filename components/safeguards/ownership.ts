import type { Mark } from "./mark";

/** A stack's right to the namespace that its app is in. */
export interface Owner {
  mark: Mark;
  /** Whether the namespace was there and stays: nothing of it is changed but what the stack adds. */
  isGuest: boolean;
  /** Whether it was taken over from another stack, whose objects are in it. */
  isAdopted: boolean;
}
