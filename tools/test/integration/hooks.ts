import { startSandbox, stopSandbox } from "./helpers/cluster";

// Pulumi looks three seconds in vain, at each run, for a plugin that cannot be had. A test of what is said then unsets it.
process.env["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] ??= "true";

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(0);
    await startSandbox();
  },
  async afterAll(): Promise<void> {
    await stopSandbox();
  },
};
