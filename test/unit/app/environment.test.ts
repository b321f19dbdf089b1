import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { environment, type EnvironmentArgs, type EnvVar, type Reached } from "../../../components/app/environment";
import type { SecretValue } from "../../../components/app/appSecret";

describe("The variables of a process", () => {
  const args: EnvironmentArgs = {
    imageTag: "0123456789ab",
    port: 5000,
    debug: false,
    debugValues: { on: "True", off: "" },
    env: {},
  };
  const reached: Reached = {
    hosts: pulumi.output("shop.test,localhost"),
    origins: pulumi.output("https://shop.test,https://localhost"),
    servedOverHttps: false,
  };
  const fromSecret = (variable: string, key = variable): SecretValue => ({ variable, secret: "web-secret", key });

  /** With their values, or where those are, in order. */
  const read = async (
    more: Partial<EnvironmentArgs> = {},
    secrets: SecretValue[] = [],
    others: EnvVar[] = [],
    how: Partial<Reached> = {},
  ): Promise<[name: string, value: unknown][]> =>
    await Promise.all(
      environment({ ...args, ...more }, { ...reached, ...how }, secrets, others).map(
        async ({ name, value, valueFrom }): Promise<[string, unknown]> => [
          name,
          valueFrom ?? (await new Promise((resolve) => pulumi.output(value).apply(resolve))),
        ],
      ),
    );
  const given: [string, unknown][] = [
    ["PORT", "5000"],
    ["DEBUG", ""],
    ["ALLOWED_HOSTS", "shop.test,localhost"],
    ["DJANGO_ALLOWED_HOSTS", "shop.test,localhost"],
    ["ALLOWED_HOSTS_SPACED", "shop.test localhost"],
    ["CSRF_TRUSTED_ORIGINS", "https://shop.test,https://localhost"],
    ["IMAGE_TAG", "0123456789ab"],
    ["POD_NAME", { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } }],
  ];
  const ref = (key: string): object => ({ secretKeyRef: { name: "web-secret", key } });
  const without = (...names: string[]): [string, unknown][] => given.filter(([name]) => !names.includes(name));

  it("are where it listens, how it is reached and what it is", async () => {
    assert.deepEqual(await read(), given);
  });

  it("have the value of DEBUG that the stack names for it", async () => {
    const debugOf = async (debug: boolean): Promise<unknown> => Object.fromEntries(await read({ debug }))["DEBUG"];
    assert.deepEqual([await debugOf(true), await debugOf(false)], ["True", ""]);
  });

  it("say that TLS is ended in front of the app where it is", async () => {
    const variables = Object.fromEntries(await read({}, [], [], { servedOverHttps: true }));
    assert.deepEqual(variables, { ...Object.fromEntries(given), SERVED_OVER_HTTPS: "1" });
  });

  it("have more of some processes behind them, then references to secrets, then the stack's own", async () => {
    assert.deepEqual(
      await read(
        { env: { B: "2", A: "1" } },
        [fromSecret("SECRET_KEY", "secret-key")],
        [{ name: "HOME", value: "/tmp" }],
      ),
      [...given, ["HOME", "/tmp"], ["SECRET_KEY", ref("secret-key")], ["A", "1"], ["B", "2"]],
    );
  });

  it("are the stack's where it has one of that name, each once", async () => {
    const secrets = [fromSecret("SECRET_KEY", "secret-key"), fromSecret("SECRET_KEY"), fromSecret("IMAGE_TAG")];
    assert.deepEqual(
      await read({ env: { DEBUG: "on", HOME: "/home/me" } }, secrets, [{ name: "HOME", value: "/tmp" }]),
      [
        ...without("DEBUG", "IMAGE_TAG"),
        ["SECRET_KEY", ref("SECRET_KEY")],
        ["IMAGE_TAG", ref("IMAGE_TAG")],
        ["DEBUG", "on"],
        ["HOME", "/home/me"],
      ],
    );
  });

  it("stand after those whose values they use, whatever their names", async () => {
    const env = { A: "$(C)/a", B: "b", C: "$(D)$(B)", D: "$(PGHOST)" };
    assert.deepEqual((await read({ env })).slice(given.length), [
      ["D", "$(PGHOST)"],
      ["B", "b"],
      ["C", "$(D)$(B)"],
      ["A", "$(C)/a"],
    ]);
  });

  it("stand in the order of their names where a reference is none, or goes in a circle", async () => {
    const env = { C: "$(A)", B: "$$(C)", A: "$(C)", D: "$(constructor)" };
    assert.deepEqual((await read({ env })).slice(given.length), [
      ["C", "$(A)"],
      ["A", "$(C)"],
      ["B", "$$(C)"],
      ["D", "$(constructor)"],
    ]);
  });

  it("have in place of their own name what they would be without the stack", async () => {
    const env = { ALLOWED_HOSTS: "$(ALLOWED_HOSTS),www.shop.test", DEBUG: "$$(DEBUG)", PATH: "/venv/bin:$(PATH)" };
    assert.deepEqual(await read({ env }), [
      ...without("ALLOWED_HOSTS", "DEBUG"),
      ["ALLOWED_HOSTS", "shop.test,localhost,www.shop.test"],
      ["DEBUG", "$$(DEBUG)"],
      ["PATH", "/venv/bin:$(PATH)"],
    ]);
  });
});
