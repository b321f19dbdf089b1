/** Makes every wait of `milliseconds` in a test of this suite end at once. */
export function shortened(milliseconds: number): void {
  const original = globalThis.setTimeout;
  beforeEach(() => {
    const hurried = (action: (...args: unknown[]) => void, delay?: number, ...args: unknown[]): NodeJS.Timeout =>
      original(action, delay === milliseconds ? 1 : delay, ...args);
    globalThis.setTimeout = Object.assign(hurried, original);
  });
  afterEach(() => {
    globalThis.setTimeout = original;
  });
}
