import assert from "node:assert/strict";
import fs from "node:fs";

import * as pulumi from "@pulumi/pulumi";

import { type ConfigReader, loadSettings, type Settings } from "../../../components/settings";
import { checkout } from "../helpers/checkout";
import { configure, project, readConfig, schema } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const load = (values: Record<string, unknown>): Settings =>
  loadSettings(configure({ target: "sandbox", debug: true, ...values }));

const namespaceRule = "allowed is a DNS label (at most 63 of a-z, 0-9 and -, not starting or ending with -)";
const namespaceFix = "run `pulumi config set namespace kubernetes-django`.";
const repositoryRule = "allowed is an image repository without a tag, in lower case";
const repositoryFix = "run `pulumi config set imageRepository kubernetes-django`.";
const platformRule = "allowed is linux/<architecture>, such as linux/amd64 or linux/arm64";
const platformFix = "run `pulumi config set platform linux/amd64`.";
const portRule = "allowed is a whole number from 30000 to 32767; run `pulumi config set nodePort 30080`.";
const replicasRule = "allowed is a whole number from 0 to 1000; run `pulumi config set replicas 1`.";
const timeoutRule = "allowed is a whole number from 5 to 3600; run `pulumi config set rolloutTimeoutSeconds 60`.";
const targetRule =
  "allowed is one of docker-desktop, minikube, sandbox; run `pulumi config set target docker-desktop`.";
const profileRule =
  "allowed is the name of a minikube profile (letters, digits, - and _); run `pulumi config set minikubeProfile minikube`.";
const hostRule =
  "allowed is a host name or an IP address, without a scheme, a port and a path; run `pulumi config set urlHost localhost`.";
const contextRule =
  "allowed is the name of a context in your kubeconfig, without spaces around it; run `pulumi config set kubeContext docker-desktop`.";
const buildArgsRule =
  "allowed is a map of names to texts; run `pulumi config set --path buildArgs.PYTHON_VERSION 3.13`.";
const quantityRule = (key: string, example: string): string =>
  `allowed is a Kubernetes quantity, such as ${example}; run \`pulumi config set ${key} ${example}\`.`;
const longName = "a".repeat(64);

const refused: [key: string, value: unknown, message: string][] = [
  ["target", "", `Config key "target" is not set: ${targetRule}`],
  ["target", "kind", `Config key "target" is "kind": ${targetRule}`],
  ["target", "Minikube", `Config key "target" is "Minikube": ${targetRule}`],
  ["minikubeProfile", "", `Config key "minikubeProfile" is not set: ${profileRule}`],
  ["minikubeProfile", "-p", `Config key "minikubeProfile" is "-p": ${profileRule}`],
  ["minikubeProfile", "my profile", `Config key "minikubeProfile" is "my profile": ${profileRule}`],
  ["namespace", "", `Config key "namespace" is not set: ${namespaceRule}; ${namespaceFix}`],
  ...["Django", "-django", "django-", "my_app", "my.app", "my app", longName].map(
    (value): [string, unknown, string] => [
      "namespace",
      value,
      `Config key "namespace" is "${value}": ${namespaceRule}; ${namespaceFix}`,
    ],
  ),
  ["imageRepository", "", `Config key "imageRepository" is not set: ${repositoryRule}; ${repositoryFix}`],
  ...["Django", "my app", "-app", "app/", "app//web", "app:latest", "localhost:5000/app:1"].map(
    (value): [string, unknown, string] => [
      "imageRepository",
      value,
      `Config key "imageRepository" is "${value}": ${repositoryRule}; ${repositoryFix}`,
    ],
  ),
  [
    "builder",
    "kaniko",
    'Config key "builder" is "kaniko": allowed is one of docker, docker-build; run `pulumi config set builder docker`.',
  ],
  [
    "serviceType",
    "ClusterIP",
    'Config key "serviceType" is "ClusterIP": allowed is one of NodePort, LoadBalancer; run `pulumi config set serviceType NodePort`.',
  ],
  ...["amd64", "linux/", "linux/AMD64", "windows/amd64", "linux/arm64/8", "linux/amd64,linux/arm64"].map(
    (value): [string, unknown, string] => [
      "platform",
      value,
      `Config key "platform" is "${value}": ${platformRule}; ${platformFix}`,
    ],
  ),
  ...["29999", "32768", "-30000", "30080.5", "3e4", "0x7530", "http", " 30080"].map(
    (value): [string, unknown, string] => ["nodePort", value, `Config key "nodePort" is "${value}": ${portRule}`],
  ),
  ["replicas", "", `Config key "replicas" is not set: ${replicasRule}`],
  ...["-1", "1.5", "1001", "two", "1e2"].map((value): [string, unknown, string] => [
    "replicas",
    value,
    `Config key "replicas" is "${value}": ${replicasRule}`,
  ]),
  ...["4", "3601", "-5", "30s", "7.5"].map((value): [string, unknown, string] => [
    "rolloutTimeoutSeconds",
    value,
    `Config key "rolloutTimeoutSeconds" is "${value}": ${timeoutRule}`,
  ]),
  ["cpuRequest", "", `Config key "cpuRequest" is not set: ${quantityRule("cpuRequest", "100m")}`],
  ["cpuRequest", "a lot", `Config key "cpuRequest" is "a lot": ${quantityRule("cpuRequest", "100m")}`],
  ["memoryRequest", "128MB", `Config key "memoryRequest" is "128MB": ${quantityRule("memoryRequest", "128Mi")}`],
  ["memoryLimit", "-1Gi", `Config key "memoryLimit" is "-1Gi": ${quantityRule("memoryLimit", "512Mi")}`],
  ...["yes", "True", "1", " true"].map((value): [string, unknown, string] => [
    "debug",
    value,
    `Config key "debug" is "${value}": allowed is one of true, false; run \`pulumi config set debug true\`.`,
  ]),
  ...[
    "http://django.test",
    "django.test:8000",
    "django.test/shop",
    "django test",
    "-django.test",
    "my_host",
    "django..test",
    "1.2.3",
    "256.0.0.1",
    "::1:8000:",
    "[::1]:8000",
    "[localhost]",
    "fe80::1%eth0",
    `${longName}.test`,
  ].map((value): [string, unknown, string] => ["urlHost", value, `Config key "urlHost" is "${value}": ${hostRule}`]),
  ...[" staging", "staging ", "sta\nging", "\u001b[2J"].map((value): [string, unknown, string] => [
    "kubeContext",
    value,
    `Config key "kubeContext" is "${value}": ${contextRule}`,
  ]),
  ["buildArgs", "PYTHON_VERSION=3.13", `Config key "buildArgs" is "PYTHON_VERSION=3.13": ${buildArgsRule}`],
  ["buildArgs", "null", `Config key "buildArgs" is "null": ${buildArgsRule}`],
  ["buildArgs", ["A"], `Config key "buildArgs" is "["A"]": ${buildArgsRule}`],
  ["buildArgs", 3.13, `Config key "buildArgs" is "3.13": ${buildArgsRule}`],
  ["buildArgs", { A: { B: "C" } }, `Config key "buildArgs" is "{"A":{"B":"C"}}": ${buildArgsRule}`],
];

const accepted: [key: keyof Settings, value: unknown, read: unknown][] = [
  ["target", "docker-desktop", "docker-desktop"],
  ["target", "minikube", "minikube"],
  ["kubeContext", "staging", "staging"],
  ["minikubeProfile", "shop_2-test", "shop_2-test"],
  ["namespace", "a", "a"],
  ["namespace", "1-a", "1-a"],
  ["namespace", longName.slice(1), longName.slice(1)],
  ["imageRepository", "registry.example.org:5000/team/my-app_1", "registry.example.org:5000/team/my-app_1"],
  ["builder", "docker-build", "docker-build"],
  ["serviceType", "LoadBalancer", "LoadBalancer"],
  ["platform", "linux/arm/v7", "linux/arm/v7"],
  ["nodePort", "30000", 30000],
  ["nodePort", "32767", 32767],
  ["nodePort", 30080, 30080],
  ["replicas", "0", 0],
  ["replicas", "1000", 1000],
  ["replicas", 3, 3],
  ["rolloutTimeoutSeconds", "5", 5],
  ["rolloutTimeoutSeconds", "3600", 3600],
  ["urlHost", "192.168.49.2", "192.168.49.2"],
  ["urlHost", "Shop.Example.org", "Shop.Example.org"],
  ["urlHost", "::1", "[::1]"],
  ["urlHost", "[fd00::2]", "[fd00::2]"],
  ["kubeContext", "arn:aws:eks:eu-central-1:123:cluster/shop", "arn:aws:eks:eu-central-1:123:cluster/shop"],
  ["kubeContext", "me@my cluster", "me@my cluster"],
  ["cpuRequest", "0.5", "0.5"],
  ["memoryRequest", "1Gi", "1Gi"],
  ["memoryLimit", "64M", "64M"],
  ["buildArgs", { PYTHON_VERSION: "3.12", DEPTH: 2 }, { PYTHON_VERSION: "3.12", DEPTH: "2" }],
];

describe("Settings", () => {
  it("come from Pulumi.yaml where the stack sets nothing", () => {
    assert.deepEqual(load({}), {
      target: "sandbox",
      kubeContext: undefined,
      minikubeProfile: "minikube",
      namespace: "kubernetes-django",
      imageRepository: "kubernetes-django",
      builder: "docker",
      buildArgs: {},
      platform: undefined,
      replicas: 1,
      nodePort: undefined,
      serviceType: "NodePort",
      urlHost: undefined,
      debug: true,
      secretKey: undefined,
      cpuRequest: "100m",
      memoryRequest: "128Mi",
      memoryLimit: "512Mi",
      rolloutTimeoutSeconds: undefined,
    });
  });

  for (const [key, value, read] of accepted) {
    it(`take ${key} ${JSON.stringify(value)}`, () => {
      assert.deepEqual(load({ [key]: value }), { ...load({}), [key]: read });
    });
  }

  for (const [key, value, message] of refused) {
    it(`refuse ${key} ${JSON.stringify(value)} and say what is allowed`, () => {
      assert.throws(() => load({ [key]: value }), isProblem(message));
    });
  }

  it("have debug off where the stack does not turn it on", () => {
    assert.equal(loadSettings(configure({ target: "sandbox", secretKey: "s3cr3t" })).debug, false);
  });

  it("are refused in the order of Pulumi.yaml", () => {
    const bad: Record<string, unknown> = {
      target: "kind",
      kubeContext: " ",
      minikubeProfile: "-p",
      namespace: "-",
      imageRepository: "-",
      builder: "kaniko",
      buildArgs: "A",
      platform: "amd64",
      replicas: "-1",
      nodePort: "80",
      serviceType: "ClusterIP",
      urlHost: "http://",
      debug: "yes",
      secretKey: "",
      cpuRequest: "a",
      memoryRequest: "b",
      memoryLimit: "c",
      rolloutTimeoutSeconds: "d",
    };
    assert.deepEqual(Object.keys(bad), Object.keys(schema));
    const good: Record<string, unknown> = { target: "sandbox", debug: false, secretKey: "s3cr3t" };
    const refused = Object.keys(bad).map((key) => {
      let first = "";
      assert.throws(
        () => loadSettings(configure(bad)),
        ({ message }: Error) => (first = /^Config key "(\w+)"/.exec(message)?.[1] ?? message) !== "",
      );
      bad[key] = good[key] ?? schema[key]?.default;
      return first;
    });
    assert.deepEqual(refused, Object.keys(schema));
  });

  it("need a secret key with debug off, and say how to make one", () => {
    assert.throws(
      () => load({ debug: false }),
      isProblem(
        'Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true`.',
      ),
    );
  });

  for (const [how, secretKeys] of [
    ["encrypted", ["secretKey"]],
    ["as plain text", []],
  ] as const) {
    it(`make a secret of the secret key that is stored ${how}`, async () => {
      const { secretKey } = loadSettings(configure({ target: "sandbox", secretKey: "s3cr3t" }, [...secretKeys]));
      assert.ok(secretKey);
      assert.equal(await pulumi.isSecret(secretKey), true);
      assert.equal(await new Promise((resolve) => secretKey.apply(resolve)), "s3cr3t");
    });
  }
});

describe("Pulumi.yaml", () => {
  it("has type, description and default for exactly the keys that are read, each read as its type", () => {
    const types: Record<string, string> = { secretKey: "string" };
    const config = configure({ target: "sandbox", secretKey: "s3cr3t" });
    const note = (key: string, type: string): string => (types[key] = type) && key;
    const recorder: ConfigReader = {
      name: project,
      get: (key: string) => config.get(note(key, "string")),
      getObject: (key: string) => config.getObject(note(key, "object")),
      getSecret: (key: string) => config.getSecret(note(key, "string")),
    };
    loadSettings(recorder);
    assert.deepEqual(Object.fromEntries(Object.entries(schema).map(([key, { type }]) => [key, type])), types);
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
      return [stack, loadSettings(configure(Object.fromEntries(values))).target];
    });
    assert.deepEqual(Object.fromEntries(targets), {
      dev: "docker-desktop",
      minikube: "minikube",
      sandbox: "sandbox",
    });
  });
});
