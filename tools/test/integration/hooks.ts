import { startSandbox, stopSandbox } from "./helpers/cluster";

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(0);
    await startSandbox();
  },
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout(120_000);
    await stopSandbox();
  },
};
