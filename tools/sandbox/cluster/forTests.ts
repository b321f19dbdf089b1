import { isRunning, startCluster, stopCluster, useCluster } from "./cluster";
import { local } from "./kinds";
import { useTemporaryData } from "./temporaryData";

/** The local sandbox as the tests have it. */
export interface TestSandbox {
  /** Whether it was running before: then it is a developer's, and stays. */
  wasRunning: boolean;
  /** Stops what was started, and deletes its data. */
  stop: () => Promise<void>;
}

/** Starts the local sandbox with data of the tests' own, unless it runs. */
export async function startForTests(): Promise<TestSandbox> {
  if (await isRunning(local)) {
    await useCluster(local);
    return { wasRunning: true, stop: async () => {} };
  }
  const removeData = await useTemporaryData();
  const stop = async (): Promise<void> => {
    await stopCluster(local);
    await removeData();
  };
  try {
    await startCluster(local);
  } catch (error) {
    await stop();
    throw error;
  }
  return { wasRunning: false, stop };
}
