import { type AppChoice, type AppOption, onApp } from "../app/onApp";
import { ownPlace } from "../app/ownPlace";
import { podPlace } from "../app/podPlace";
import { runningPod } from "../app/runningPod";
import { processNamed } from "../app/workloads";
import { withKubectl } from "../kubernetes/kubectl";
import { Pod } from "./manage/pod";

/** Bash where the image has it. */
const command = ["sh", "-c", "command -v bash >/dev/null && exec bash || exec sh"];

/**
 * Opens a shell in a pod of a process, and takes over its exit code. Without a terminal it runs what standard input says.
 *
 * @throws a `Problem` where no pod of it runs
 */
export async function shell(stack: string, name: string | undefined, options: AppOption = {}): Promise<void> {
  await onApp(stack, options, async (choice) => {
    await shellIn(choice, name ?? "web");
  });
}

async function shellIn(choice: AppChoice, name: string): Promise<void> {
  const { stack } = choice;
  const needed = `The shell is one in a pod of ${name === "web" ? "" : `process ${name} of `}stack ${stack}, and`;
  const place = await ownPlace(choice, needed);
  const workload = await processNamed(place, name, stack);
  // One that is not ready may be why a shell is wanted.
  const pod = await runningPod(place, workload, { stack, needed, otherwise: "any that runs" });
  console.error(`Pod ${pod}`);
  process.exitCode = await new Pod(pod, podPlace(choice, place, workload), withKubectl()).runHere(command);
}
