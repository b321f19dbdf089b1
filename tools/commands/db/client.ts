import { randomBytes } from "node:crypto";

import type { V1Deployment } from "@kubernetes/client-node";
import execa from "execa";

import { hardenedContainer, hardenedPod } from "../../../components/app/hardening";
import { appName } from "../../../components/app/objectMeta";
import { postgresImageOf } from "../../../components/app/postgresImage";
import { databaseVariables } from "../../../components/app/secretVariables";
import { read } from "../../../components/kubernetes/client";
import type { Live } from "../../../components/kubernetes/types";
import { Problem } from "../../../components/problem";
import type { AppChoice } from "../../app/onApp";
import { runUp } from "../../app/ownPlace";
import { podPlace } from "../../app/podPlace";
import { withKubectl } from "../../kubernetes/kubectl";
import type { Place } from "../../rollout/kubernetes";
import { lastLines } from "../../terminal/captured";
import type { Cleanup } from "../../terminal/cleanup";
import { step } from "../../terminal/progress";
import { allowUnreadInput } from "../../terminal/unreadInput";
import { Pod } from "../manage/pod";

/** Seconds after which the cluster ends the pod of a command that was killed. */
const longestSeconds = 6 * 3600;
/** The image may have to be pulled first. */
const startSeconds = 300;
/** The image's user. */
const userId = 999;
const container = "postgres";

/** Starts a pod with Postgres' clients that reaches the server of `databaseUrl`, for the time of a command. */
export async function openClient(choice: AppChoice, place: Place, cleanup: Cleanup): Promise<Pod> {
  const name = `${choice.app}-client-${randomBytes(4).toString("hex")}`;
  const secret = await appSecret(place, choice);
  const kubectlPlace = podPlace(choice, place, { app: undefined });
  const environment = withKubectl();
  const kubectl = async (args: string[], input?: object): Promise<void> => {
    const options = { env: environment, extendEnv: false, reject: false, all: true, detached: true };
    const stdin = input === undefined ? { stdin: "ignore" as const } : { input: JSON.stringify(input) };
    const ended = await allowUnreadInput(execa("kubectl", [...kubectlPlace, ...args], { ...options, ...stdin }));
    cleanup.interruption.throwIfAborted();
    if (ended.exitCode !== 0) {
      throw new Problem(
        `Pod ${name}, which is to reach the database of stack ${choice.stack}, does not start`,
        `look at \`kubectl describe namespace ${place.namespace}\``,
        lastLines(ended.all ?? "", 5),
      );
    }
  };
  await step(`Pod ${name}, which reaches the database`, async () => {
    cleanup.atEnd(`pod ${name}`, async () => {
      const remove = ["delete", "pod", name, "--ignore-not-found", "--wait=false", "--grace-period=1"];
      await execa("kubectl", [...kubectlPlace, ...remove], { env: environment, extendEnv: false });
    });
    await kubectl(
      ["create", "--filename", "-"],
      clientPod(name, secret, postgresImageOf(Number(choice.config.text("postgresVersion")))),
    );
    await kubectl(["wait", `pod/${name}`, "--for=condition=Ready", `--timeout=${startSeconds}s`]);
  });
  return new Pod(name, podPlace(choice, place, { app: container }), environment);
}

/** The pod of the clients; it is told where the server is by references to a Secret. */
export function clientPod(name: string, secret: string, image: string): object {
  const env = Object.entries(databaseVariables).flatMap(([key, variables]) =>
    variables.map((variable) => ({ name: variable, valueFrom: { secretKeyRef: { name: secret, key } } })),
  );
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: "django-client", "app.kubernetes.io/managed-by": appName } },
    spec: {
      ...hardenedPod({ podSecurity: "restricted", userId, userGroupId: userId, groupId: userId }),
      restartPolicy: "Never",
      activeDeadlineSeconds: longestSeconds,
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: container,
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["sleep", String(longestSeconds)],
          env,
          resources: {
            requests: { cpu: "100m", memory: "64Mi" },
            limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
          },
          ...hardenedContainer("restricted"),
          volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        },
      ],
      volumes: [{ name: "tmp", emptyDir: {} }],
    },
  };
}

/** Name of the Secret that has the database's URL, which each update with another value changes. */
async function appSecret({ context, namespace }: Place, { stack, app }: AppChoice): Promise<string> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${app}`;
  const { spec } = await read<Live<V1Deployment>>(context, path);
  const sources = (spec?.template.spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  const found = sources.find(({ secret }) => secret?.items?.some(({ key }) => key === "database-url"));
  const name = found?.secret?.name;
  if (name === undefined) {
    throw new Problem(`Stack ${stack} is deployed without the database that its config names`, runUp(stack));
  }
  return name;
}
