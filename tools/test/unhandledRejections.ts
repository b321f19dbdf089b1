function say(reason: unknown): void {
  console.error("A promise was rejected that nobody handles:", reason);
}

/** Says why a promise was rejected that nobody handles, of which mocha says nothing: a test may wait for ever then. */
export const mochaHooks = {
  beforeAll(): void {
    process.on("unhandledRejection", say);
  },
  afterAll(): void {
    process.off("unhandledRejection", say);
  },
};
