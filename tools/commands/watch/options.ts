/** Options of `npm run watch`. */
export interface WatchOptions {
  /** What alone has its log shown, such as worker. */
  only?: string;
  /** Whether a debugger can attach to the web process. */
  debugger?: boolean;
}
