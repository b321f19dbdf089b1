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

  it("have debug off where the stack does not turn it on", () => {
    assert.equal(loadSettings(configure({ target: "sandbox", secretKey: "s3cr3t" })).web.debug, false);
  });

  const secrets: [key: "secretKey" | "databaseUrl" | "registryPassword", beside: Record<string, unknown>][] = [
    ["secretKey", {}],
    ["databaseUrl", { database: "postgres" }],
    ["registryPassword", { registryUsername: "me" }],
  ];
  for (const [key, beside] of secrets) {
    for (const [how, encrypted] of [
      ["encrypted", secretKeys],
      ["as plain text", []],
    ] as const) {
      it(`make a secret of ${key} that is stored ${how}`, async () => {
        const value = load({ ...beside, [key]: "s3cr3t" }, [...encrypted])[key];
        assert.ok(value);
        assert.equal(await pulumi.isSecret(value), true);
        assert.equal(await new Promise((resolve) => value.apply(resolve)), "s3cr3t");
      });
    }

    it(`have no ${key} where the stack sets none`, () => {
      assert.equal(load(beside["registryUsername"] === undefined ? beside : {})[key], undefined);
    });
  }
});
