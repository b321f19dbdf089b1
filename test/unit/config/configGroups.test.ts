import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { loadSettings } from "../../../components/config/settings";
import { configure, flat, type FlatSettings, secretKeys } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const load = (values: Record<string, unknown>, encrypted = secretKeys): FlatSettings =>
  flat(loadSettings(configure({ target: "sandbox", debug: true, ...values }, encrypted)));

describe("Settings that belong together", () => {
  const refused: [what: string, values: Record<string, unknown>, message: string][] = [
    [
      "no secret key with debug off",
      { debug: false },
      'Config key "secretKey" is not set: with debug off Django needs one; run `pulumi config set --secret secretKey "$(openssl rand -base64 48)"`, or `pulumi config set debug true`.',
    ],
    [
      "a registry's password without a user",
      { registryPassword: "t0ken" },
      'Config key "registryUsername" is not set: a registry\'s user and password go together; run `pulumi config set registryUsername NAME`, or remove the other one to use what `docker login` stored.',
    ],
    [
      "a registry's user without a password",
      { registryUsername: "me" },
      'Config key "registryPassword" is not set: a registry\'s user and password go together; run `pulumi config set --secret registryPassword`, or remove the other one to use what `docker login` stored.',
    ],
    [
      "a class of an Ingress that is not there",
      { ingressClassName: "nginx" },
      'Config key "ingressClassName" is "nginx", and there is no Ingress without ingressHost; run `pulumi config set ingressHost django.example.com`, or `pulumi config rm ingressClassName`.',
    ],
    [
      "a certificate of an Ingress that is not there",
      { ingressTlsSecret: "shop-tls" },
      'Config key "ingressTlsSecret" is "shop-tls", and there is no Ingress without ingressHost; run `pulumi config set ingressHost django.example.com`, or `pulumi config rm ingressTlsSecret`.',
    ],
    [
      "more memory than a pod may use",
      { memoryRequest: "1Gi" },
      'Config key "memoryRequest" is "1Gi", and "memoryLimit" is "512Mi": a pod cannot request more than it may use; run `pulumi config set memoryLimit 1Gi`, or `pulumi config set memoryRequest 512Mi`.',
    ],
    [
      "less memory than a pod requests by default",
      { memoryLimit: "100M" },
      'Config key "memoryRequest" is "128Mi", and "memoryLimit" is "100M": a pod cannot request more than it may use; run `pulumi config set memoryLimit 128Mi`, or `pulumi config set memoryRequest 100M`.',
    ],
    [
      "a database's URL beside a file",
      { databaseUrl: "postgres://db.test/shop" },
      'Config key "databaseUrl" is set, and "database" is "sqlite", which is a file in the pod; run `pulumi config set database postgres`, or `pulumi config rm databaseUrl`.',
    ],
  ];
  for (const [what, values, message] of refused) {
    it(`refuse ${what} and say what goes together`, () => {
      assert.throws(() => load(values), isProblem(message));
    });
  }

  const accepted: [what: string, values: Record<string, unknown>][] = [
    ["a class and a certificate with an Ingress", { ingressHost: "shop.test", ingressClassName: "nginx" }],
    ["a certificate with an Ingress", { ingressHost: "shop.test", ingressTlsSecret: "shop-tls" }],
    ["an Ingress of the cluster's class without a certificate", { ingressHost: "shop.test" }],
    ["a Postgres of one's own", { database: "postgres", databaseStorage: "5Gi", protectData: false }],
  ];
  for (const [what, values] of accepted) {
    it(`take ${what}`, () => {
      assert.deepEqual(load(values), { ...load({}), ...values });
    });
  }

  it("take a request that is its limit, written otherwise", () => {
    load({ memoryRequest: "536870912000m", memoryLimit: "0.5Gi" });
  });

  describe("about the build", () => {
    const build = { builder: "docker-build", buildSecrets: { TOKEN: "t0ken", "pip.conf": "[global]" } };

    it("refuse a build argument with an encrypted value, and say how to use a build secret", () => {
      assert.throws(
        () => load({ buildArgs: { TOKEN: "t0ken" } }, ["buildArgs"]),
        isProblem(
          'Config key "buildArgs" has an encrypted value, which a build argument would publish: the image\'s history shows it; run `pulumi config rm --path buildArgs.NAME` and `pulumi config set --secret --path buildSecrets.NAME VALUE`, and read it in the Dockerfile with `RUN --mount=type=secret,id=NAME`.',
        ),
      );
    });

    it("make secrets of build secrets", async () => {
      const { buildSecrets } = load(build, ["buildSecrets"]);
      const read = Object.entries(buildSecrets).map(async ([name, value]) => [
        name,
        await pulumi.isSecret(value),
        await new Promise((resolve) => value.apply(resolve)),
      ]);
      assert.deepEqual(await Promise.all(read), [
        ["TOKEN", true, "t0ken"],
        ["pip.conf", true, "[global]"],
      ]);
    });

    it("have no build secrets where the stack took the last one away", () => {
      assert.deepEqual(load({ buildSecrets: {} }).buildSecrets, {});
    });

    const map = "allowed is a map of names (letters, digits, _, . and -) to texts";
    const help = "run `pulumi config set --secret --path buildSecrets.NAME VALUE`";
    for (const [what, values, encrypted, message] of [
      [
        "in plain text",
        build,
        [],
        `Config key "buildSecrets" is in plain text, which everybody can read who reads the stack's file or a preview; ${help}, with a new value if this one was published.`,
      ],
      [
        "with builder docker",
        { ...build, builder: "docker" },
        ["buildSecrets"],
        'Config key "buildSecrets" is set, and "builder" is "docker", which passes no secrets to a build; run `pulumi config rm builder`, or `pulumi config rm buildSecrets`.',
      ],
      [
        "that are no map",
        { ...build, buildSecrets: "t0ken" },
        ["buildSecrets"],
        `Config key "buildSecrets" is "[secret]": ${map}; ${help}.`,
      ],
      [
        "with a name that the docker CLI would split",
        { ...build, buildSecrets: { "a,env=HOME": "t0ken" } },
        ["buildSecrets"],
        `Config key "buildSecrets" is "[secret]": ${map}; ${help}.`,
      ],
      [
        "that YAML took for a number, without its value",
        { ...build, buildSecrets: { TOKEN: 1234 } },
        ["buildSecrets"],
        'Config key "buildSecrets.TOKEN" is a number, as YAML reads what stands in the stack\'s file: allowed is a text; run `pulumi config set --secret --path buildSecrets.TOKEN VALUE`.',
      ],
    ] as const) {
      it(`refuse build secrets ${what}`, () => {
        assert.throws(() => load(values, [...encrypted]), isProblem(message));
      });
    }
  });

  it("have debug off where the stack does not turn it on", () => {
    assert.equal(loadSettings(configure({ target: "sandbox", secretKey: "s3cr3t" })).web.debug, false);
  });

  const secrets: [
    key: "secretKey" | "databaseUrl" | "registryPassword",
    beside: Record<string, unknown>,
    setting: string,
  ][] = [
    ["secretKey", {}, 'secretKey "$(openssl rand -base64 48)"'],
    ["databaseUrl", { database: "postgres" }, "databaseUrl postgres://USER:PASSWORD@HOST/NAME"],
    ["registryPassword", { registryUsername: "me" }, "registryPassword"],
  ];
  for (const [key, beside, setting] of secrets) {
    it(`make a secret of ${key}`, async () => {
      const value = load({ ...beside, [key]: "s3cr3t" })[key];
      assert.ok(value);
      assert.equal(await pulumi.isSecret(value), true);
      assert.equal(await new Promise((resolve) => value.apply(resolve)), "s3cr3t");
    });

    it(`refuse ${key} in plain text, without its value`, () => {
      const others = secretKeys.filter((each) => each !== key);
      assert.throws(
        () => load({ ...beside, [key]: "s3cr3t" }, others),
        isProblem(
          `Config key "${key}" is in plain text, which everybody can read who reads the stack's file or a preview; run \`pulumi config set --secret ${setting}\`, with a new value if this one was published.`,
        ),
      );
    });

    it(`have no ${key} where the stack sets none`, () => {
      assert.equal(load(beside["registryUsername"] === undefined ? beside : {})[key], undefined);
    });
  }
});
