import { type AppChoice, onApp } from "../../app/onApp";
import { ownPlace } from "../../app/ownPlace";
import { runningPod } from "../../app/runningPod";
import { podPlace } from "../../app/podPlace";
import { processNamed } from "../../app/workloads";
import { readProjectPlace } from "../../../components/config/project";
import { withKubectl } from "../../kubernetes/kubectl";
import { type ManageCommand, readCommand } from "./command";
import { runOnSources } from "./onSources";
import { Pod, podProgram } from "./pod";
import { readSources } from "./sources";
import { djangoVariables, leaveVariables } from "./variables";

/**
 * Runs `manage.py` in a pod of a stack, on the user's terminal if there is one, and takes over its exit code. A command
 * that writes sources runs on a copy of the project's present ones, and what it writes comes back.
 */
export async function manage(stack: string, typed: string[]): Promise<void> {
  const command = readCommand(typed);
  await onApp(stack, command, async (choice) => {
    await manageIn(choice, command);
  });
}

async function manageIn(choice: AppChoice, { args, process: name, writesSources }: ManageCommand): Promise<void> {
  const { stack } = choice;
  const sources = writesSources ? readSources(readProjectPlace(choice.config)) : undefined;
  const needed = `manage.py runs in a pod of ${name === "web" ? "" : `process ${name} of `}stack ${stack}, and`;
  const place = await ownPlace(choice, needed);
  const workload = await processNamed(place, name, stack);
  // A version that does not run may be what the command mends.
  const otherwise = writesSources ? "one of the version before" : "none";
  const podName = await runningPod(place, workload, { stack, needed, otherwise });
  const pod = new Pod(podName, podPlace(choice, place, workload), withKubectl());
  const run = async (folder: string, interruption?: AbortSignal): Promise<number> => {
    const variables = djangoVariables(process.env);
    const left = Object.keys(variables).length === 0 ? "" : await leaveVariables(pod, variables);
    return await pod.runHere(podProgram("run", left, folder, ...args), interruption);
  };
  process.exitCode = sources === undefined ? await run("") : await runOnSources(pod, sources, run);
}
