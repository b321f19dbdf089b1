import { Problem } from "../../../components/problem";
import { lastLines } from "../../terminal/captured";
import { type Pod, podProgram } from "./pod";

/**
 * Variables of the user's shell that Django's commands read, such as DJANGO_SUPERUSER_PASSWORD.
 *
 * Which settings the pod has is the deployment's business.
 */
export function djangoVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const found = Object.entries(environment).filter(
    ([name, value]) => name.startsWith("DJANGO_") && name !== "DJANGO_SETTINGS_MODULE" && value !== undefined,
  );
  return Object.fromEntries(found) as Record<string, string>;
}

/**
 * Leaves variables in the pod: in a command they would stand in process lists and in the cluster's audit log.
 *
 * @returns the file, which whatever reads it removes
 */
export async function leaveVariables(pod: Pod, variables: Record<string, string>): Promise<string> {
  const left = await pod.ask(podProgram("leave"), { input: JSON.stringify(variables) });
  if (left.exitCode !== 0) {
    throw new Problem(
      `${Object.keys(variables).join(", ")} cannot be handed to the pod`,
      undefined,
      lastLines(left.stderr.toString(), 10),
    );
  }
  return left.stdout.toString().trim();
}
