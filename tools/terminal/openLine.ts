let isOpen = false;

/** Notes whether what was written last on standard error is a line that goes on. */
export function noteLine(goesOn: boolean): void {
  isOpen = goesOn;
}

/** Ends a line that goes on, so that another one can be written. */
export function endLine(): void {
  if (isOpen) {
    isOpen = false;
    process.stderr.write("\n");
  }
}
