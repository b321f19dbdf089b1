import type { AppOption } from "../../app/onApp";

/** Options of `npm run watch`: saves of the app reach its pods, and what is shown is of it. */
export interface WatchOptions extends AppOption {
  /** What alone has its log shown, such as worker. */
  only?: string;
  /** Whether a debugger can attach to the web process. */
  debugger?: boolean;
}
