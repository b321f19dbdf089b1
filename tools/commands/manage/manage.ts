import { containerName } from "../../../components/app/labels";
import { readProjectPlace } from "../../../components/config/project";
import { targets } from "../../../components/targets/target";
import { withKubectl } from "../../kubernetes/kubectl";
import { contextOf } from "../../stack/kubeContext";
import { chooseTarget } from "../../stack/session";
import { project } from "../../stack/stackConfig";
import { runOnSources } from "./onSources";
import { Pod, podProgram } from "./pod";
import { readyPod } from "./readyPod";
import { readSources } from "./sources";
import { djangoVariables, leaveVariables } from "./variables";
import { readCommand } from "./writesSources";

/**
 * Runs `manage.py` in a pod of a stack, on the user's terminal if there is one, and takes over its exit code. A command
 * that writes sources runs on a copy of the project's present ones, and what it writes comes back.
 */
export async function manage(named: string, typed: string[]): Promise<void> {
  const choice = await chooseTarget(named, () => undefined);
  const { args, writesSources } = readCommand(typed);
  const sources = writesSources ? readSources(readProjectPlace(choice.config)) : undefined;
  const context = contextOf(choice.config, choice.target);
  const namespace = choice.config.text("namespace") ?? project;
  const { kubeconfig } = targets[choice.target];
  const place = ["--context", context.name, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  // A version that does not run may be what the command mends.
  const name = await readyPod(choice, { context, namespace }, writesSources);
  const pod = new Pod(name, [...place, "--namespace", namespace, "--container", containerName], withKubectl());
  const run = async (folder: string, interruption?: AbortSignal): Promise<number> => {
    const variables = djangoVariables(process.env);
    const left = Object.keys(variables).length === 0 ? "" : await leaveVariables(pod, variables);
    // Nothing to prepare: then the process list shows the command alone.
    const command =
      left === "" && folder === "" ? ["python", "manage.py", ...args] : podProgram("run", left, folder, ...args);
    return await pod.runHere(command, interruption);
  };
  process.exitCode = sources === undefined ? await run("") : await runOnSources(pod, sources, run);
}
