import assert from "node:assert/strict";
import fs from "node:fs";

import { knownKeys } from "../../../components/config/knownKeys";
import type { ProgramConfig } from "../../../components/config/reader";
import { loadSettings } from "../../../components/config/settings";
import { checkout } from "../helpers/checkout";
import { configure, flat, type FlatSettings, project, readConfig, schema } from "../helpers/config";

const load = (values: Record<string, unknown>): FlatSettings =>
  flat(loadSettings(configure({ target: "sandbox", debug: true, ...values })));

const longestLabel = "a".repeat(63);
const longestName = `${"a.".repeat(126)}a`;

const accepted: [key: keyof FlatSettings, value: unknown, read: unknown][] = [
  ["target", "docker-desktop", "docker-desktop"],
  ["target", "minikube", "minikube"],
  ["target", "cluster", "cluster"],
  ["kubeContext", "staging", "staging"],
  ["minikubeProfile", "shop_2-test", "shop_2-test"],
  ["namespace", "a", "a"],
  ["namespace", "1-a", "1-a"],
  ["namespace", longestLabel, longestLabel],
  ["imageRepository", "registry.example.org:5000/team/my-app_1", "registry.example.org:5000/team/my-app_1"],
  ["builder", "docker-build", "docker-build"],
  ["serviceType", "LoadBalancer", "LoadBalancer"],
  ["serviceType", "ClusterIP", "ClusterIP"],
  ["platform", "linux/arm/v7", "linux/arm/v7"],
  ["platform", "linux/amd64,linux/arm64", "linux/amd64,linux/arm64"],
  ["nodePort", "30000", 30000],
  ["nodePort", "32767", 32767],
  ["nodePort", 30080, 30080],
  ["replicas", "0", 0],
  ["replicas", "1000", 1000],
  ["replicas", 3, 3],
  ["maxReplicas", "1", 1],
  ["maxReplicas", "1000", 1000],
  ["cpuTargetPercent", "1", 1],
  ["cpuTargetPercent", "1000", 1000],
  ["rolloutTimeoutSeconds", "5", 5],
  ["rolloutTimeoutSeconds", "3600", 3600],
  ["urlHost", "192.168.49.2", "192.168.49.2"],
  ["urlHost", "Shop.Example.org", "Shop.Example.org"],
  ["urlHost", "::1", "[::1]"],
  ["urlHost", "[fd00::2]", "[fd00::2]"],
  ["kubeContext", "arn:aws:eks:eu-central-1:123:cluster/shop", "arn:aws:eks:eu-central-1:123:cluster/shop"],
  ["kubeContext", "me@my cluster", "me@my cluster"],
  ["cpuRequest", "0.5", "0.5"],
  ["cpuLimit", "1500m", "1500m"],
  ["ingressHost", "shop", "shop"],
  ["ingressHost", "a-1.shop.test", "a-1.shop.test"],
  ["ingressHost", longestName, longestName],
  ["databaseStorage", "20Gi", "20Gi"],
  ["protectData", false, false],
  ["redis", "namespace", "namespace"],
  ["redisStorage", "20Gi", "20Gi"],
  ["redisMemory", "1Gi", "1Gi"],
  ["redisPolicy", "allkeys-lru", "allkeys-lru"],
  ["memoryRequest", "512Mi", "512Mi"],
  ["cpuLimit", "2.5E-1", "2.5E-1"],
  ["cpuRequest", "1000u", "1000u"],
  ["memoryRequest", "134217728000m", "134217728000m"],
  ...["135M", "0.5Gi", "1Ti", ".5Gi", "1e9", "1.5e9", "+1Gi", "134217728", "1073741824000m", "7E", "7Ei"].map(
    (value): [keyof FlatSettings, unknown, unknown] => ["memoryLimit", value, value],
  ),
  ["buildArgs", { PYTHON_VERSION: "3.10", EMPTY: "" }, { PYTHON_VERSION: "3.10", EMPTY: "" }],
];

describe("Settings", () => {
  it("come from Pulumi.yaml where the stack sets nothing", () => {
    assert.deepEqual(load({}), {
      target: "sandbox",
      kubeContext: undefined,
      minikubeProfile: "minikube",
      namespace: "kubernetes-django",
      existingNamespace: false,
      adoptNamespace: undefined,
      folder: "app",
      dockerfile: undefined,
      stage: undefined,
      imageRepository: "kubernetes-django",
      registryUsername: undefined,
      registryPassword: undefined,
      builder: "auto",
      buildArgs: {},
      platform: undefined,
      buildSecrets: {},
      command: undefined,
      port: undefined,
      env: {},
      secretEnv: {},
      debugValues: { on: "1", off: "0" },
      release: undefined,
      podSecurity: undefined,
      processes: {},
      schedules: {},
      runAsUser: undefined,
      writablePaths: undefined,
      liveReload: false,
      livenessPath: undefined,
      readinessPath: undefined,
      startPath: undefined,
      replicas: undefined,
      maxReplicas: undefined,
      cpuTargetPercent: 80,
      nodePort: undefined,
      serviceType: undefined,
      urlHost: undefined,
      ingressHost: undefined,
      ingressClassName: undefined,
      ingressTlsSecret: undefined,
      debug: true,
      secretKey: undefined,
      database: "sqlite",
      databaseUrl: undefined,
      postgresVersion: 17,
      databaseStorage: undefined,
      media: undefined,
      protectData: true,
      redis: "none",
      redisUrl: undefined,
      redisStorage: undefined,
      redisMemory: "64Mi",
      redisPolicy: "noeviction",
      backup: undefined,
      cpuRequest: "100m",
      cpuLimit: undefined,
      memoryRequest: "128Mi",
      memoryLimit: "512Mi",
      rolloutTimeoutSeconds: undefined,
    });
  });

  it("take a Postgres with a volume that nothing sizes", () => {
    const postgres = { database: "postgres", databaseStorage: "1Gi" } as const;
    assert.deepEqual(load({ database: "postgres" }), { ...load({}), ...postgres });
  });

  for (const [key, value, read] of accepted) {
    it(`take ${key} ${JSON.stringify(value)}`, () => {
      assert.deepEqual(load({ [key]: value }), { ...load({}), [key]: read });
    });
  }

  it("have a volume of a usual size for a Postgres", () => {
    assert.deepEqual(load({ database: "postgres" }), { ...load({}), database: "postgres", databaseStorage: "1Gi" });
  });

  it("are refused in the order of Pulumi.yaml", () => {
    const bad: Record<string, unknown> = {
      target: "kind",
      kubeContext: " ",
      minikubeProfile: "-p",
      namespace: "-",
      existingNamespace: "maybe",
      adoptNamespace: "mine",
      project: "/shop",
      dockerfile: "/Dockerfile",
      buildTarget: "-",
      imageRepository: "-",
      registryUsername: "",
      registryPassword: "t0ken",
      builder: "kaniko",
      buildArgs: "A",
      platform: "amd64",
      buildSecrets: "A",
      command: " ",
      port: "0",
      env: "A",
      secretEnv: "A",
      debugValues: "1",
      release: " ",
      podSecurity: "privileged",
      runAsUser: "0",
      writablePaths: "media",
      liveReload: "maybe",
      livenessPath: "healthz",
      readinessPath: "readyz",
      startPath: "readyz",
      debug: "yes",
      secretKey: "",
      replicas: "-1",
      maxReplicas: "0",
      cpuTargetPercent: "0",
      cpuRequest: "a",
      cpuLimit: "f",
      memoryRequest: "b",
      memoryLimit: "c",
      rolloutTimeoutSeconds: "d",
      processes: "worker",
      schedules: "nightly",
      nodePort: "80",
      serviceType: "HostPort",
      urlHost: "http://",
      ingressHost: "-",
      ingressClassName: "-",
      ingressTlsSecret: "-",
      database: "mysql",
      databaseUrl: "postgres://",
      postgresVersion: "9",
      databaseStorage: "e",
      protectData: "no",
      redis: "yes",
      redisStorage: "f",
      redisMemory: "g",
      redisPolicy: "lru",
      media: "uploads",
      backup: "daily",
      backupAccessKey: "acc3ss",
      backupSecretKey: "s3cr3t",
    };
    assert.deepEqual(Object.keys(bad), Object.keys(schema));
    const anyText = ["registryPassword", "backupAccessKey", "backupSecretKey"];
    const keys = Object.keys(bad).filter((key) => !anyText.includes(key));
    const good: Record<string, unknown> = {
      target: "sandbox",
      registryUsername: "me",
      debug: false,
      secretKey: "s3cr3t",
    };
    const refused = keys.map((key) => {
      let first = "";
      assert.throws(
        () => loadSettings(configure(bad)),
        ({ message }: Error) => (first = /^Config key "(\w+)"/.exec(message)?.[1] ?? message) !== "",
      );
      bad[key] = good[key] ?? schema[key]?.default;
      return first;
    });
    assert.deepEqual(refused, keys);
  });
});

describe("Pulumi.yaml", () => {
  it("has type, description and default for exactly the keys that are read, each read as its type", () => {
    const maps = ["buildArgs", "buildSecrets", "env", "secretEnv", "processes", "schedules", "media", "backup"];
    const types: Record<string, string> = {};
    const config = configure({
      target: "sandbox",
      registryUsername: "me",
      registryPassword: "t0ken",
      secretKey: "s3cr3t",
      backupAccessKey: "acc3ss",
      backupSecretKey: "s3cr3t",
      database: "postgres",
      databaseUrl: "postgres://",
    });
    const note = (key: string, type: string): string => (types[key] ??= type) && key;
    const recorder: ProgramConfig = {
      name: project,
      get: (key: string) => config.get(note(key, maps.includes(key) ? "object" : "string")),
      getSecret: (key: string) => config.getSecret(note(key, "string")),
    };
    loadSettings(recorder);
    assert.deepEqual(Object.fromEntries(Object.entries(schema).map(([key, { type }]) => [key, type])), types);
    assert.deepEqual(Object.keys(schema), knownKeys);
    for (const [key, { description, ...rest }] of Object.entries(schema)) {
      assert.match(description, /^\S.{10,}/, key);
      assert.ok("default" in rest, key);
    }
  });

  it("disables every default provider", () => {
    assert.deepEqual(readConfig("Pulumi.yaml")["pulumi:disable-default-providers"], { value: ["*"] });
  });
});

describe("The stacks of the checkout", () => {
  it("set known keys only, and each loads with a target of its own", () => {
    const stacks = fs.readdirSync(checkout).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
    const targets = stacks.map((stack) => {
      const values = Object.entries(readConfig(`Pulumi.${stack}.yaml`)).map(([key, value]) => {
        const [namespace, name = ""] = key.split(":");
        assert.equal(namespace, project);
        assert.ok(name in schema, key);
        return [name, value] as const;
      });
      // Those are set by hand, and only where they are needed.
      const byHand = stack === "cluster" ? { secretKey: "s3cr3t", databaseUrl: "postgres://" } : {};
      return [stack, loadSettings(configure({ ...Object.fromEntries(values), ...byHand })).cluster.target];
    });
    assert.deepEqual(Object.fromEntries(targets), {
      dev: "docker-desktop",
      minikube: "minikube",
      sandbox: "sandbox",
      cluster: "cluster",
    });
  });
});
