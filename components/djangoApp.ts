import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Namespace, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { HealthPaths } from "./buildContext";
import type { ServiceType } from "./settings";

/** Arguments of `DjangoApp`. */
export interface DjangoAppArgs {
  namespace: string;
  /** Image reference that the node can run. */
  image: pulumi.Input<string>;
  replicas: number;
  serviceType: ServiceType;
  /** 30000 to 32767; undefined to let Kubernetes choose. */
  nodePort: number | undefined;
  /** Host of the URL: where the cluster's NodePorts are reached; undefined when they are not from this machine. */
  urlHost: string | undefined;
  /** Command that opens a way to the service where there is no URL. */
  openCommand?: (namespace: string, service: string) => string;
  /** Django's DEBUG: error pages, the welcome page and runserver instead of gunicorn. */
  debug: boolean;
  /** Django's SECRET_KEY; undefined only while debugging. */
  secretKey: pulumi.Input<string> | undefined;
  healthPaths: HealthPaths;
  cpuRequest: string;
  memoryRequest: string;
  memoryLimit: string;
  rolloutTimeoutSeconds: number;
}

const port = 8000;
const podLabels = { app: "django-container" };
/** Any id but root's: the image need not know it. */
const userId = 10001;
const noUrl = pulumi.output<string | undefined>(undefined);
const secretFolder = "/run/secrets/django";
const secretFile = "secret-key";

/** Runs a Django image on Kubernetes and makes it reachable. */
export class DjangoApp extends pulumi.ComponentResource {
  /** URL of the page; undefined when the service is not reached from this machine. */
  public readonly url: pulumi.Output<string | undefined>;
  /** Command that opens a way to the service; undefined when there is a URL. */
  public readonly openCommand: pulumi.Output<string | undefined>;
  /** Port on the node; undefined for a service without one. */
  public readonly nodePort: pulumi.Output<number | undefined>;
  /** Name of the namespace. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the Deployment. */
  public readonly deployment: pulumi.Output<string>;
  /** Name of the Service. */
  public readonly service: pulumi.Output<string>;

  constructor(name: string, args: DjangoAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django:index:DjangoApp", name, {}, opts);
    const parent = { parent: this };

    const namespace = new Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: args.namespace,
          labels: {
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      parent,
    );
    const inNamespace = (rest: Partial<types.input.meta.v1.ObjectMeta>): types.input.meta.v1.ObjectMeta => ({
      namespace: namespace.metadata.name,
      ...rest,
    });

    const account = new ServiceAccount(
      `${name}-account`,
      { metadata: inNamespace({ name }), automountServiceAccountToken: false },
      parent,
    );
    // Without a fixed name a new key makes a new Secret, and the pods' reference to it rolls them.
    const secret =
      args.secretKey === undefined
        ? undefined
        : new Secret(
            `${name}-secret`,
            { metadata: inNamespace({}), immutable: true, stringData: { [secretFile]: args.secretKey } },
            parent,
          );

    const service = new Service(
      `${name}-service`,
      {
        metadata: inNamespace({
          name: `${name}-service`,
          // Its awaiter sleeps 10 s after the endpoints are there; the Deployment's readiness already gates.
          ...(args.serviceType === "NodePort" ? { annotations: { "pulumi.com/skipAwait": "true" } } : {}),
        }),
        spec: {
          type: args.serviceType,
          selector: podLabels,
          ports: [
            {
              name: "http",
              port,
              targetPort: "http",
              ...(args.nodePort === undefined ? {} : { nodePort: args.nodePort }),
            },
          ],
        },
      },
      parent,
    );

    const deployment = new Deployment(
      name,
      {
        metadata: inNamespace({
          name,
          labels: { app: "django" },
          annotations: { "pulumi.com/timeoutSeconds": String(args.rolloutTimeoutSeconds) },
        }),
        spec: {
          replicas: args.replicas,
          revisionHistoryLimit: 2,
          progressDeadlineSeconds: args.rolloutTimeoutSeconds,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          selector: { matchLabels: podLabels },
          template: {
            metadata: { labels: podLabels },
            spec: podSpec(args, account.metadata.name, secret?.metadata.name),
          },
        },
      },
      parent,
    );

    this.namespace = namespace.metadata.name;
    this.deployment = deployment.metadata.name;
    this.service = service.metadata.name;
    // Until Kubernetes has chosen a port the service has no id either: together they stay unknown in a preview.
    this.nodePort =
      args.nodePort === undefined
        ? pulumi.all([service.spec, service.id]).apply(([spec]) => spec.ports[0]?.nodePort)
        : pulumi.output(args.nodePort);
    const urlPort = args.serviceType === "NodePort" ? this.nodePort : pulumi.output(port);
    this.url = args.urlHost === undefined ? noUrl : pulumi.interpolate`http://${args.urlHost}:${urlPort}/`;
    this.openCommand = pulumi
      .all([this.namespace, this.service])
      .apply(([inside, service]) => args.openCommand?.(inside, service));
    this.registerOutputs({
      url: this.url,
      openCommand: this.openCommand,
      nodePort: this.nodePort,
      namespace: this.namespace,
      deployment: this.deployment,
      service: this.service,
    });
  }
}

function podSpec(
  args: DjangoAppArgs,
  account: pulumi.Input<string>,
  secretName: pulumi.Input<string> | undefined,
): types.input.core.v1.PodSpec {
  const secret = secretName === undefined ? undefined : secretMount(secretName);
  return {
    serviceAccountName: account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: userId,
      runAsGroup: userId,
      fsGroup: userId,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "django-web",
        image: args.image,
        // `Always` would ask a registry for an image that only this node has; `Never` breaks Docker Desktop's kind mode.
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: port }],
        env: [...environment(args), ...(secret ? [secret.variable] : [])],
        ...healthProbes(args.healthPaths),
        resources: {
          requests: { cpu: args.cpuRequest, memory: args.memoryRequest },
          limits: { memory: args.memoryLimit },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        // The rollout's error then carries a crash's last lines.
        terminationMessagePolicy: "FallbackToLogsOnError",
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "data", mountPath: "/data" },
          ...(secret ? [secret.mount] : []),
        ],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }, { name: "data", emptyDir: {} }, ...(secret ? [secret.volume] : [])],
  };
}

function environment({ debug, urlHost, image }: DjangoAppArgs): types.input.core.v1.EnvVar[] {
  return [
    { name: "DEBUG", value: debug ? "1" : "0" },
    { name: "ALLOWED_HOSTS", value: [...new Set([urlHost ?? "localhost", "localhost", "127.0.0.1"])].join(",") },
    { name: "SQLITE_PATH", value: "/data/db.sqlite3" },
    { name: "HOME", value: "/tmp" },
    { name: "IMAGE_TAG", value: pulumi.output(image).apply((reference) => reference.split(":").at(-1) ?? "") },
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
  ];
}

interface SecretMount {
  variable: types.input.core.v1.EnvVar;
  mount: types.input.core.v1.VolumeMount;
  volume: types.input.core.v1.Volume;
}

/** The key reaches Django as a file: an environment variable shows in crash reports and child processes. */
function secretMount(secretName: pulumi.Input<string>): SecretMount {
  return {
    variable: { name: "SECRET_KEY_FILE", value: `${secretFolder}/${secretFile}` },
    mount: { name: "secret", mountPath: secretFolder, readOnly: true },
    volume: { name: "secret", secret: { secretName, defaultMode: 0o440 } },
  };
}

function healthProbes({
  liveness,
  readiness,
}: HealthPaths): Pick<types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const by = (path: string | undefined): Pick<types.input.core.v1.Probe, "httpGet" | "tcpSocket"> =>
    path === undefined ? { tcpSocket: { port: "http" } } : { httpGet: { path, port: "http" } };
  return {
    // A second's wait after each try: most of the time from an edit to the served page is this.
    startupProbe: { ...by(readiness), periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 },
    readinessProbe: { ...by(readiness), periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
    livenessProbe: { ...by(liveness), periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  };
}
