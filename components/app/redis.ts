import { randomBytes } from "node:crypto";
import net from "node:net";

import { Secret } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { billionths } from "../config/quantity";
import type { EvictionPolicy } from "../config/redis";
import { dataVolume } from "./dataVolume";
import { hardenedContainer, hardenedPod } from "./hardening";
import { redisLabels } from "./labels";
import type { InNamespace } from "./objectMeta";
import { redisImage } from "./redisImage";
import { runServer, serverProbes } from "./server";
import type { ServerCluster } from "./serverRollout";

/** Arguments of `Redis`. */
export interface RedisArgs {
  /** Gives an object's metadata what all objects of the app have. */
  metadata: InNamespace;
  /** Size of the volume that keeps the data, a Kubernetes quantity; undefined for data that goes with the pod. */
  storage: string | undefined;
  /** Whether the volume is kept from being deleted: a `destroy` then refuses. */
  protectData: boolean;
  /** Memory that the data may take, a Kubernetes quantity. */
  memory: string;
  /** What a full server does with another write. */
  policy: EvictionPolicy;
  /** Asks the cluster for the server. */
  cluster: ServerCluster;
  /** Labels of the pods that may connect, by the value of `app`. */
  clients: string[];
}

const port = { name: "redis", number: 6379 };
/** The user `valkey` of the image. */
const userId = 999;
const dataFolder = "/data";
const secretFolder = "/run/secrets/redis";
/** Keys of the Secret: the password, and the same as the server reads it. */
const keys = { password: "password", config: "redis.conf" };
/** Seconds until the server is there: the image may have to be pulled first. */
const startSeconds = 300;
const mebibyte = 2n ** 20n;

/** One Valkey server, which speaks Redis' protocol. */
export class Redis extends pulumi.ComponentResource {
  /** `redis://` URL with the password in it; a secret. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:Redis", name, {}, opts);
    const parent = { parent: this };
    const { metadata } = args;

    const secret = new Secret(
      `${name}-password`,
      { metadata: metadata({}), data: pulumi.secret(passwordData(randomBytes(24).toString("hex"))) },
      // Each run generates a password; the first one is kept. Data that outlived it can be read with any other.
      { ...parent, ignoreChanges: ["data"] },
    );
    const claim =
      args.storage === undefined
        ? undefined
        : dataVolume(`${name}-data`, { ...args, volume: name }, metadata, parent).metadata.name;
    const podSpec = serverPodSpec(args, secret.metadata.name, claim);
    const address = runServer(name, { ...args, labels: redisLabels, port, podSpec, startSeconds }, parent);

    this.url = pulumi.all([secret.data, address]).apply(([data, address]) => {
      const password = Buffer.from(data[keys.password] ?? "", "base64").toString();
      return `redis://:${password}@${net.isIPv6(address) ? `[${address}]` : address}:${port.number}/0`;
    });
    this.registerOutputs({ url: this.url });
  }
}

function passwordData(password: string): Record<string, string> {
  const texts = { [keys.password]: password, [keys.config]: `requirepass ${password}\n` };
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
}

/** What a server is told on its command line; its password is in a file. */
function serverCommand({ memory, policy }: RedisArgs, isKept: boolean): string[] {
  const options = {
    port: String(port.number),
    maxmemory: String((billionths(memory) ?? 0n) / 10n ** 9n),
    "maxmemory-policy": policy,
    // Snapshots would be older than the log of what was written.
    save: "",
    appendonly: isKept ? "yes" : "no",
    ...(isKept && { dir: dataFolder }),
  };
  const words = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  return ["valkey-server", `${secretFolder}/${keys.config}`, ...words];
}

function serverPodSpec(
  args: RedisArgs,
  secretName: pulumi.Input<string>,
  claimName: pulumi.Input<string> | undefined,
): types.input.core.v1.PodSpec {
  const isKept = claimName !== undefined;
  return {
    ...hardenedPod({ podSecurity: "restricted", userId, userGroupId: userId, groupId: userId }),
    containers: [
      {
        name: "redis",
        image: redisImage,
        imagePullPolicy: "IfNotPresent",
        command: serverCommand(args, isKept),
        ports: [{ name: port.name, containerPort: port.number }],
        // What `valkey-cli` in the pod signs in with.
        env: [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: secretName, key: keys.password } } }],
        // It fails with a password that is refused, and while the server reads its data.
        ...serverProbes(["valkey-cli", "-e", "ping"], startSeconds),
        resources: {
          requests: { cpu: "50m", memory: args.memory, "ephemeral-storage": "16Mi" },
          limits: { memory: memoryLimit(args.memory), "ephemeral-storage": "256Mi" },
        },
        ...hardenedContainer("restricted"),
        volumeMounts: [
          { name: "secret", mountPath: secretFolder, readOnly: true },
          ...(isKept ? [{ name: "data", mountPath: dataFolder }] : []),
        ],
      },
    ],
    volumes: [
      {
        name: "secret",
        secret: { secretName, defaultMode: 0o440, items: [{ key: keys.config, path: keys.config }] },
      },
      ...(isKept ? [{ name: "data", persistentVolumeClaim: { claimName } }] : []),
    ],
  };
}

/** Rewriting the log copies what is written meanwhile, and connections take memory that the server does not count. */
function memoryLimit(memory: string): string {
  const data = (billionths(memory) ?? 0n) / 10n ** 9n;
  return `${String((2n * data) / mebibyte + 64n)}Mi`;
}
