import { Problem } from "../../../components/problem";
import { thisHost } from "../../../components/targets/host";
import { step } from "../../terminal/progress";
import { chooseBackend, localFolder } from "../../stack/backend";
import { chooseTarget } from "../../stack/session";
import { alignedTable } from "../../terminal/table";
import { type Finding, problemFinding, rowsOf } from "./findings";
import { lookAtPlace, lookAtState, lookAtTools, lookForLeftovers, type Patient } from "./look";

/**
 * Says of everything that a stack depends on whether it is well, and what to do where it is not. Changes nothing.
 *
 * @throws a `Problem` when something is not
 */
export async function doctor(named: string | undefined): Promise<void> {
  const patient: Patient = { ...(await chooseTarget(named)), host: thisHost };
  const backend = chooseBackend();
  console.log(backend.description);
  const findings: Finding[] = [];
  const tools = await step("Looking at the tools", async () => await lookAtTools(patient));
  const place = await step("Looking at the Docker daemon and the cluster", async () => await lookAtPlace(patient));
  findings.push(...tools.findings, ...place.findings);
  if (tools.hasPulumi) {
    const environment = { ...process.env, PATH: tools.path, PULUMI_SKIP_UPDATE_CHECK: "true", ...backend.environment };
    const reader = { environment, folder: process.cwd(), ownFolder: localFolder };
    const { findings: ofState, states } = await step(
      "Looking at the state",
      async () => await lookAtState(patient, reader),
    );
    findings.push(...ofState);
    if (states !== undefined) {
      const look = async (): Promise<Finding[]> => await lookForLeftovers(patient, states, place, environment);
      findings.push(...(await step("Looking for what was left behind", look).catch(explain)));
    }
  }
  console.log(`\n${alignedTable(rowsOf(findings))}\n`);
  const ill = findings.filter(({ state }) => state === "ill");
  if (ill.length > 0) {
    const fixes = [...new Set(ill.flatMap(({ fix }) => fix ?? []))];
    throw new Problem(
      `${ill.length} of ${findings.length} checks of stack ${patient.stack} failed (${ill.map(({ subject }) => subject).join(", ")}): begin with \`${fixes[0] ?? ""}\`.`,
    );
  }
  console.log(`All is well with stack ${patient.stack}`);
}

const explain = (error: unknown): Finding[] => [problemFinding("leftovers", error as Error)];
