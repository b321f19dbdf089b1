import type { Listing } from "./podPaths";

/** What processes do about a change: nothing, take templates anew, or start again. */
export type Then = "nothing" | "templates" | "restart";

/** What is sent to the agent of a pod, a line of JSON each. */
export type Order =
  | ({ do: "open"; base: string[]; debugger: boolean } & Listing)
  | ({ do: "change"; id: number; then: Then; remove: string[] } & Pick<Listing, "folders" | "links"> & {
        files: [path: string, mode: number, size: number][];
      })
  | { do: "ping"; id: number };

/** What a change came to in a pod. */
export interface Changed {
  is: "changed";
  id: number;
  what: "restarted" | "reset" | "nothing" | "failed";
  /** From when the agent had all of the change. */
  seconds: number;
  /** Why the process does not start with it, such as a traceback. */
  failure?: string;
}

/** A change that was not made, since a file cannot be written. */
export interface RefusedChange {
  is: "refused";
  /** Undefined for what `open` would have put right. */
  id?: number;
  path: string;
  reason: string;
}

/** What the agent says, a line of JSON each. */
export type Report =
  | { is: "open"; wanted: string[]; removed: number }
  | Changed
  | RefusedChange
  | { is: "pong"; id: number }
  | { is: "superseded" }
  | { is: "ended"; exitCode: number; failure?: string }
  | { is: "error"; reason: string };
