import type { V1Deployment } from "@kubernetes/client-node";
import execa, { type ExecaReturnValue } from "execa";

import { Problem } from "../../components/problem";
import { containerName } from "../../components/app/podSpec";
import type { KubeContext } from "../../components/targets/kubeconfig";
import { endpoints } from "../../components/targets/endpoints";
import { targets } from "../../components/targets/target";
import { readIfThere, UnreachedProblem } from "../../components/kubernetes/client";
import type { Live } from "../../components/kubernetes/types";
import { hasOwn, priorStateOf, seeOwn } from "../pulumi/prior";
import { stackExists } from "../pulumi/stacks";
import { type Deployment, readDeployment, readOwnDeployment } from "../pulumi/state";
import { currentPods } from "../rollout/kubernetes";
import { kubernetes } from "../sandbox/install/catalogue";
import { machine } from "../sandbox/install/obtain";
import { findExecutable } from "../sandbox/install/run";
import { chooseBackend, localFolder } from "../stack/backend";
import { contextOf, whichCluster } from "../stack/kubeContext";
import { type Choice, chooseTarget, firstOnPath, openState } from "../stack/session";
import { project } from "../stack/stackConfig";

/** Runs `manage.py` in a pod of a stack, on the user's terminal if there is one, and takes over its exit code. */
export async function manage(named: string, args: string[]): Promise<void> {
  const choice = await chooseTarget(named, () => undefined);
  const context = contextOf(choice.config, choice.target);
  const namespace = choice.config.text("namespace") ?? project;
  const pod = await readyPod(choice, context, namespace);
  const { kubeconfig } = targets[choice.target];
  const place = ["--context", context.name, ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig])];
  const exec = ["exec", ...place, "--namespace", namespace, pod, "--container", containerName];
  const kubectl = kubectlIn(withKubectl());
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
  const variables = djangoVariables(process.env);
  const command =
    Object.keys(variables).length === 0
      ? ["python", "manage.py"]
      : ["python", "-c", runWith, await leaveVariables(exec, variables, kubectl)];
  const { exitCode } = await kubectl([...exec, "--stdin", ...terminal, "--", ...command, ...args], "inherit");
  process.exitCode = exitCode;
}

/**
 * A pod of the present version.
 *
 * @throws a `Problem` where there is none, the namespace is another stack's, or the cluster does not answer
 */
async function readyPod(choice: Choice, context: KubeContext, namespace: string): Promise<string> {
  const { stack, config, target } = choice;
  const needed = `manage.py runs in a pod of stack ${stack}, and`;
  const none = `${needed} there is none`;
  const up = `run \`npm run up -- ${stack}\``;
  const key = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: project, namespace } };
  const unreached = (error: unknown): never => {
    if (error instanceof UnreachedProblem) {
      throw new Problem(`${needed} ${lowerFirst(error.failed)}`, targets[target].startHint(whichCluster(config)));
    }
    throw error;
  };
  const prior = priorStateOf(stack, await deployedBy(choice));
  const existingNamespace = config.get("existingNamespace") === "true";
  const sight = await seeOwn(context, prior, { namespace, existingNamespace }, endpoints).catch(unreached);
  const isOwn = hasOwn(prior, sight, { namespace, context: context.name, stack });
  const found = isOwn ? await readIfThere<Live<V1Deployment>>(context, key).catch(unreached) : undefined;
  if (found === undefined) {
    throw new Problem(`${none}: nothing is deployed in namespace ${namespace}`, up);
  }
  if (found.spec?.replicas === 0) {
    const set = `run \`pulumi config set replicas 1 --stack ${stack}\` and \`npm run up -- ${stack}\``;
    throw new Problem(`${none}, since \`replicas\` is 0`, set);
  }
  const [pod] = (await currentPods({ context, namespace }, project)).ready;
  if (pod === undefined) {
    throw new Problem(`${needed} none is ready`, `${up}, which says why`);
  }
  return pod.metadata.name;
}

/** What the stack has deployed; nothing is printed where the state is the checkout's own, and read from its file. */
async function deployedBy(choice: Choice): Promise<Deployment> {
  const { stack, config } = choice;
  const { environment } = chooseBackend(process.env, localFolder, config.isEncrypted);
  const own = readOwnDeployment({ stack, folder: localFolder, environment: { ...process.env, ...environment } });
  if (own !== undefined) {
    return own;
  }
  const cli = await openState(choice);
  return (await stackExists(cli)) ? await readDeployment(cli) : {};
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

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

/** Writes standard input to a file that nobody else may read, and prints its name. */
const leave = `
import os, sys, tempfile
handle, name = tempfile.mkstemp()
os.write(handle, sys.stdin.buffer.read())
print(name)
`;
/** Runs manage.py with the variables of such a file, and removes it. */
const runWith = `
import json, os, sys
with open(sys.argv[1]) as file:
    os.environ.update(json.load(file))
os.remove(sys.argv[1])
os.execvp("python", ["python", "manage.py", *sys.argv[2:]])
`;

type Kubectl = (args: string[], stdio: "inherit" | { input: string }) => Promise<ExecaReturnValue>;

function kubectlIn(environment: NodeJS.ProcessEnv): Kubectl {
  return async (args, stdio) =>
    await execa("kubectl", args, {
      env: environment,
      extendEnv: false,
      reject: false,
      ...(stdio === "inherit" ? { stdio } : stdio),
    });
}

/** Leaves variables in the pod: in a command they would stand in process lists and in the cluster's audit log. */
async function leaveVariables(exec: string[], variables: Record<string, string>, kubectl: Kubectl): Promise<string> {
  const left = await kubectl([...exec, "--stdin", "--", "python", "-c", leave], { input: JSON.stringify(variables) });
  if (left.exitCode !== 0) {
    throw new Problem(
      `${Object.keys(variables).join(", ")} cannot be handed to the pod`,
      undefined,
      left.stderr.trim().split("\n"),
    );
  }
  return left.stdout.trim();
}

/** An environment with a kubectl on PATH: the user's, or the sandbox's. */
export function withKubectl(): NodeJS.ProcessEnv {
  if (findExecutable("kubectl") !== undefined) {
    return process.env;
  }
  const ours = machine.cached(kubernetes);
  if (ours === undefined) {
    throw new Problem(
      "kubectl is not on PATH",
      "install it as https://kubernetes.io/docs/tasks/tools says, or put an alias of `minikube kubectl --` there",
    );
  }
  return firstOnPath(ours.folder, process.env);
}
