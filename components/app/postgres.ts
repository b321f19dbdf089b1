import { randomBytes } from "node:crypto";
import net from "node:net";

import { Secret } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { postgresAnnotation } from "../safeguards/mark";
import { dataVolume } from "./dataVolume";
import { hardenedContainer, hardenedPod } from "./hardening";
import { databaseLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { dataScript, postgresFolder } from "./postgresData";
import { postgresImageOf } from "./postgresImage";
import { runServer, serverProbes } from "./server";
import type { ServerCluster } from "./serverRollout";

/** Arguments of `Postgres`. */
export interface PostgresArgs {
  /** Gives an object's metadata what all objects of the app have. */
  metadata: InNamespace;
  /** Major version. */
  version: number;
  /** Size of the volume, a Kubernetes quantity. */
  storage: string | undefined;
  /** Whether the volume is kept from being deleted: a `destroy` then refuses. */
  protectData: boolean;
  /** Asks the cluster for the server. */
  cluster: ServerCluster;
  /** Labels of the pods that may connect, by the value of `app`. */
  clients: string[];
}

const port = { name: "postgres", number: 5432 };
const user = "django";
/** The user `postgres` of the image. */
const userId = 999;
const passwordFile = "password";
const passwordPath = `/run/secrets/postgres/${passwordFile}`;
/** Seconds until the server is there: the image may have to be pulled first. */
const startSeconds = 300;

/**
 * Gives the user the Secret's password at each start: a volume that outlived a stack's state has another one. The server
 * trusts its own socket, and is not there from the start.
 */
const setPassword = `for _ in $(seq ${startSeconds * 5}); do
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host /var/run/postgresql --username ${user} --dbname ${user} <<'SQL' && exit
\\set password \`cat ${passwordPath}\`
ALTER USER ${user} PASSWORD :'password';
SQL
  sleep 0.2
done
exit 1`;

/** One Postgres server with a volume, for a developer's cluster. */
export class Postgres extends pulumi.ComponentResource {
  /** `postgres://` URL with the password in it; a secret. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:Postgres", name, {}, opts);
    const parent = { parent: this };
    const { metadata } = args;

    const secret = new Secret(
      `${name}-password`,
      {
        metadata: metadata({}),
        data: { [passwordFile]: pulumi.secret(Buffer.from(randomBytes(24).toString("hex")).toString("base64")) },
      },
      // Each run generates a password; the first one is kept, since the data can be read with no other.
      { ...parent, ignoreChanges: ["data"], protect: args.protectData },
    );
    const noted = postgresAnnotation(args.version);
    const claim = dataVolume(`${name}-data`, { ...args, volume: name, annotations: noted }, metadata, parent);
    const podSpec = serverPodSpec(args.version, secret.metadata.name, claim.metadata.name);
    const address = runServer(name, { ...args, labels: databaseLabels, port, podSpec, startSeconds }, parent);

    this.url = pulumi.all([secret.data, address]).apply(([data, address]) => {
      const password = Buffer.from(data[passwordFile] ?? "", "base64").toString();
      return `postgres://${user}:${password}@${net.isIPv6(address) ? `[${address}]` : address}:${port.number}/${user}`;
    });
    this.registerOutputs({ url: this.url });
  }
}

function serverPodSpec(
  version: number,
  secretName: pulumi.Input<string>,
  claimName: pulumi.Input<string>,
): types.input.core.v1.PodSpec {
  return {
    ...hardenedPod({ podSecurity: "restricted", userId, userGroupId: userId, groupId: userId }),
    // The server writes its memory to disk before it ends.
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        name: "postgres",
        image: postgresImageOf(version),
        imagePullPolicy: "IfNotPresent",
        command: ["/bin/sh", "-c", `${dataScript(version)}exec docker-entrypoint.sh postgres`],
        ports: [{ name: port.name, containerPort: port.number }],
        env: [
          { name: "POSTGRES_USER", value: user },
          { name: "POSTGRES_DB", value: user },
          { name: "POSTGRES_PASSWORD_FILE", value: passwordPath },
        ],
        lifecycle: { postStart: { exec: { command: ["sh", "-c", setPassword] } } },
        ...serverProbes(["pg_isready", "--username", user, "--host", "127.0.0.1"], startSeconds),
        resources: {
          requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
          limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
        },
        ...hardenedContainer("restricted"),
        volumeMounts: [
          { name: "data", mountPath: postgresFolder },
          { name: "run", mountPath: "/var/run/postgresql" },
          { name: "tmp", mountPath: "/tmp" },
          { name: "secret", mountPath: "/run/secrets/postgres", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName } },
      { name: "run", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
      { name: "secret", secret: { secretName, defaultMode: 0o440 } },
    ],
  };
}
