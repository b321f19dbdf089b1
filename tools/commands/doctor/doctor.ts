import { readProjectPlace } from "../../../components/config/project";
import { thisHost } from "../../../components/targets/host";
import { whatOf } from "../../app/appWords";
import { helpFor } from "../../app/onApp";
import { chooseBackend, localFolder } from "../../stack/backend";
import { chooseTarget } from "../../stack/session";
import type { StackConfig } from "../../stack/stackConfig";
import { step } from "../../terminal/progress";
import { type Finding, problemFinding, unsearchedFinding } from "./findings";
import { type CheckedStack, checkCluster, checkLeftovers, checkPassphrase, checkState, checkTools } from "./look";
import { checkObjects } from "./objects";
import { problemOf, toTable } from "./report";
import { checkWorkloads, type RunningApp, runningApps } from "./workloads";

/**
 * Checks everything that a stack depends on and prints the findings as a table. Changes nothing.
 *
 * @throws a `Problem` when a check fails
 */
export async function doctor(named: string | undefined): Promise<void> {
  const checked: CheckedStack = { ...(await chooseTarget(named)), host: thisHost };
  const findings = await check(checked);
  console.log(toTable(findings));
  const problem = problemOf(findings, checked.stack);
  if (problem !== undefined) {
    throw problem;
  }
  console.log(`\nAll is well with stack ${checked.stack}`);
}

async function check(checked: CheckedStack): Promise<Finding[]> {
  const backend = chooseBackend(process.env, localFolder, checked.config.isEncrypted);
  console.error(backend.description);
  const tools = await step("Checking the tools", async () => await checkTools(checked));
  const cluster = await step("Checking the Docker daemon and the cluster", async () => await checkCluster(checked));
  const passphrase = await checkPassphrase(checked, { ...process.env, ...backend.environment });
  const findings = [...tools.findings, ...cluster.findings, ...passphrase];
  if (!tools.hasPulumi) {
    return findings;
  }
  const environment = { ...process.env, PATH: tools.path, PULUMI_SKIP_UPDATE_CHECK: "true", ...backend.environment };
  const reader = { environment, folder: process.cwd(), ownFolder: localFolder };
  const state = await step("Checking the state", async () => await checkState(checked, reader));
  findings.push(...state.findings);
  const { states } = state;
  const { context } = cluster;
  if (states !== undefined && context !== undefined) {
    const deployment = states.get(checked.stack)?.deployment ?? {};
    const look = async (): Promise<Finding[]> => await checkObjects(checked, deployment, context);
    const objects = await step("Looking for what is deployed", look).catch((error: unknown) => [
      problemFinding("deployed objects", error as Error),
    ]);
    findings.push(...objects);
    const apps = runningApps(checked, deployment, context, objects);
    if (apps.length > 0) {
      const run = async (): Promise<Finding[][]> =>
        await Promise.all(apps.map(async (app) => await checkApp(app, checked.config)));
      findings.push(...(await step("Checking what runs", run)).flat());
    }
  }
  if (states !== undefined) {
    const search = async (): Promise<Finding[]> => await checkLeftovers(checked, states, cluster, environment);
    const left = await step("Searching for leftovers", search).catch((error: unknown) => [
      unsearchedFinding(error as Error),
    ]);
    findings.push(...left);
  }
  return findings;
}

/** What runs of an app. Never rejects. */
async function checkApp(running: RunningApp, config: StackConfig): Promise<Finding[]> {
  const { app } = running;
  try {
    return await checkWorkloads(running, readProjectPlace(config.ofApp(app)).folder);
  } catch (error) {
    const finding = problemFinding(whatOf(app, "what runs"), error as Error);
    return [{ ...finding, ...(finding.help !== undefined && { help: helpFor(app, finding.help) }) }];
  }
}
