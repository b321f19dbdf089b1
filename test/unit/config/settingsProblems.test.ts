import assert from "node:assert/strict";

import { loadSettings } from "../../../components/config/settings";
import { configure } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const namespaceRule = "allowed is a DNS label (at most 63 of a-z, 0-9 and -, not starting or ending with -)";
const namespaceFix = "run `pulumi config set namespace kubernetes-django`.";
const repositoryRule = "allowed is an image repository without a tag, in lower case";
const repositoryFix = "run `pulumi config set imageRepository kubernetes-django`.";
const platformRule =
  "allowed is linux/<architecture>, such as linux/amd64 or linux/arm64, or several with commas between";
const platformFix = "run `pulumi config set platform linux/amd64`.";
const portRule = "allowed is a whole number from 30000 to 32767; run `pulumi config set nodePort 30080`.";
const replicasRule = "allowed is a whole number from 0 to 1000; run `pulumi config set replicas 1`.";
const timeoutRule = "allowed is a whole number from 5 to 3600; run `pulumi config set rolloutTimeoutSeconds 60`.";
const targetRule =
  "allowed is one of docker-desktop, minikube, sandbox, cluster; run `pulumi config set target docker-desktop`.";
const profileRule =
  "allowed is the name of a minikube profile (letters, digits, - and _); run `pulumi config set minikubeProfile minikube`.";
const hostRule =
  "allowed is a host name or an IP address, without a scheme, a port and a path; run `pulumi config set urlHost localhost`.";
const contextRule =
  "allowed is the name of a context in your kubeconfig, without spaces around it; run `pulumi config set kubeContext docker-desktop`.";
const buildArgsRule =
  "allowed is a map of names to texts; run `pulumi config set --path buildArgs.PYTHON_VERSION 3.13`.";
const quantityRule = (key: string, example: string): string =>
  `allowed is a Kubernetes quantity ${key.startsWith("cpu") ? "from 1m to 10k" : "of at least 1Mi"}, such as ${example}; run \`pulumi config set ${key} ${example}\`.`;
const withoutQuotes = (name: string, read: string): string =>
  `Config key "buildArgs.${name}" is the ${read}, as YAML reads what stands in the stack's file: allowed is a text; write it in quotes there, or run \`pulumi config set --type string --path buildArgs.${name} VALUE\`.`;
const longName = "a".repeat(64);
const tooLong = `${"a.".repeat(126)}aa`;
const maxReplicasRule = "allowed is a whole number from 1 to 1000; run `pulumi config set maxReplicas 10`.";
const percentRule = "allowed is a whole number from 1 to 1000; run `pulumi config set cpuTargetPercent 80`.";
const databaseRule = "allowed is one of sqlite, postgres; run `pulumi config set database sqlite`.";
const redisRule = "allowed is one of none, namespace, or an encrypted URL; run `pulumi config set redis namespace`.";
const policyRule =
  "allowed is one of noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl; run `pulumi config set redisPolicy noeviction`.";
const protectRule = "allowed is one of true, false; run `pulumi config set protectData true`.";
const dnsNames = { ingressHost: "django.example.com", ingressClassName: "nginx", ingressTlsSecret: "django-tls" };

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
    'Config key "builder" is "kaniko": allowed is one of auto, docker, docker-build; run `pulumi config set builder auto`.',
  ],
  [
    "serviceType",
    "HostPort",
    'Config key "serviceType" is "HostPort": allowed is one of NodePort, LoadBalancer, ClusterIP; run `pulumi config set serviceType NodePort`.',
  ],
  ...[
    "amd64",
    "linux/",
    "linux/AMD64",
    "windows/amd64",
    "linux/arm64/8",
    ",",
    "linux/amd64,",
    "linux/amd64, linux/arm64",
    "linux/amd64,linux/amd64",
    "linux/amd64,arm64",
  ].map((value): [string, unknown, string] => [
    "platform",
    value,
    `Config key "platform" is "${value}": ${platformRule}; ${platformFix}`,
  ]),
  ...["29999", "32768", "-30000", "30080.5", "3e4", "0x7530", "http", " 30080"].map(
    (value): [string, unknown, string] => ["nodePort", value, `Config key "nodePort" is "${value}": ${portRule}`],
  ),
  ...["-1", "1.5", "1001", "two", "1e2"].map((value): [string, unknown, string] => [
    "replicas",
    value,
    `Config key "replicas" is "${value}": ${replicasRule}`,
  ]),
  ...["0", "-1", "1001", "2.5", "many"].map((value): [string, unknown, string] => [
    "maxReplicas",
    value,
    `Config key "maxReplicas" is "${value}": ${maxReplicasRule}`,
  ]),
  ["cpuTargetPercent", "", `Config key "cpuTargetPercent" is not set: ${percentRule}`],
  ...["0", "1001", "80%", "0.8"].map((value): [string, unknown, string] => [
    "cpuTargetPercent",
    value,
    `Config key "cpuTargetPercent" is "${value}": ${percentRule}`,
  ]),
  ...["4", "3601", "-5", "30s", "7.5"].map((value): [string, unknown, string] => [
    "rolloutTimeoutSeconds",
    value,
    `Config key "rolloutTimeoutSeconds" is "${value}": ${timeoutRule}`,
  ]),
  ["cpuRequest", "", `Config key "cpuRequest" is not set: ${quantityRule("cpuRequest", "100m")}`],
  ["cpuRequest", "a lot", `Config key "cpuRequest" is "a lot": ${quantityRule("cpuRequest", "100m")}`],
  ["cpuLimit", "2 cores", `Config key "cpuLimit" is "2 cores": ${quantityRule("cpuLimit", "1")}`],
  ["databaseStorage", "1GB", `Config key "databaseStorage" is "1GB": ${quantityRule("databaseStorage", "1Gi")}`],
  ["database", "mysql", `Config key "database" is "mysql": ${databaseRule}`],
  ["database", "", `Config key "database" is not set: ${databaseRule}`],
  ["memoryRequest", "128MB", `Config key "memoryRequest" is "128MB": ${quantityRule("memoryRequest", "128Mi")}`],
  ...["512m", "512", "0", "1e3", "1GB", "1gi", "1MI", "1 Gi", "1e", "e9", ".", "1Zi", "16Ei", "-1", "1.2.3Gi"].map(
    (value): [string, unknown, string] => [
      "memoryLimit",
      value,
      `Config key "memoryLimit" is "${value}": ${quantityRule("memoryLimit", "512Mi")}`,
    ],
  ),
  ...["0", "0.0m", "128Mi", "1e9", "100 m", "0,5"].map((value): [string, unknown, string] => [
    "cpuLimit",
    value,
    `Config key "cpuLimit" is "${value}": ${quantityRule("cpuLimit", "1")}`,
  ]),
  ["memoryLimit", "-1Gi", `Config key "memoryLimit" is "-1Gi": ${quantityRule("memoryLimit", "512Mi")}`],
  ...["debug", "protectData"].flatMap((key) =>
    ["yes", "True", "1", " true"].map((value): [string, unknown, string] => [
      key,
      value,
      `Config key "${key}" is "${value}": allowed is one of true, false; run \`pulumi config set ${key} true\`.`,
    ]),
  ),
  ["protectData", "", `Config key "protectData" is not set: ${protectRule}`],
  ["redis", "", `Config key "redis" is not set: ${redisRule}`],
  ["redis", "yes", `Config key "redis" is "yes": ${redisRule}`],
  [
    "redis",
    "redis://:pa55word@redis.test:6379/0",
    'Config key "redis" is in plain text, which everybody can read who reads the stack\'s file or a preview; run `pulumi config set --secret redis redis://:PASSWORD@HOST:6379/0`, with a new value if this one was published.',
  ],
  ["redisStorage", "1GB", `Config key "redisStorage" is "1GB": ${quantityRule("redisStorage", "1Gi")}`],
  ["redisMemory", "64", `Config key "redisMemory" is "64": ${quantityRule("redisMemory", "64Mi")}`],
  ["redisPolicy", "lru", `Config key "redisPolicy" is "lru": ${policyRule}`],
  ...Object.entries(dnsNames).flatMap(([key, example]) =>
    ["Shop.test", "shop_test", "-shop.test", "shop.test-", "shop..test", ".test", "shop.test:80", tooLong].map(
      (value): [string, unknown, string] => [
        key,
        value,
        `Config key "${key}" is "${value}": allowed is a DNS name (a-z, 0-9, - and ., at most 253); run \`pulumi config set ${key} ${example}\`.`,
      ],
    ),
  ),
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
  [
    "buildArgs",
    { A: { B: "C" } },
    'Config key "buildArgs.A" is a map: allowed is a text; run `pulumi config rm --path buildArgs.A`, or `pulumi config set --type string --path buildArgs.A VALUE`.',
  ],
  ["buildArgs", { PYTHON_VERSION: 3.1 }, withoutQuotes("PYTHON_VERSION", "number 3.1")],
  ["buildArgs", { A: "B", DEPTH: 2 }, withoutQuotes("DEPTH", "number 2")],
  ["buildArgs", { FAST: true }, withoutQuotes("FAST", "boolean true")],
];

describe("Settings that are not allowed", () => {
  for (const [key, value, message] of refused) {
    it(`are refused: ${key} ${JSON.stringify(value)}, with what is allowed`, () => {
      assert.throws(
        () => loadSettings(configure({ target: "sandbox", debug: true, [key]: value })),
        isProblem(message),
      );
    });
  }
});
