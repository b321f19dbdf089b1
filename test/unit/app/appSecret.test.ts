import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import type { DjangoAppArgs } from "../../../components/app/djangoApp";
import { containerOf, deploy, forced, podOf, types, variable } from "../helpers/app";
import { ownEnvironment } from "../helpers/environment";
import { plain, type Registration, type Run, secret } from "../helpers/registrations";

describe("What only the app may read", () => {
  ownEnvironment();

  const named = ({ resources }: Run, name: string): Registration => {
    const found = resources.find((each) => each.name === name);
    assert.ok(found);
    return found;
  };
  const textsOf = (run: Run): Record<string, unknown> => {
    const texts = named(run, "web-secret").inputs["stringData"];
    return Object.fromEntries(Object.entries(plain(texts) as object).map(([key, text]) => [key, plain(text)]));
  };
  /** Variables with a value from a Secret, as `Secret/key`. */
  const references = (run: Run): Record<string, string> =>
    Object.fromEntries(
      containerOf(run).env.flatMap((each) => {
        const { secretKeyRef } =
          (each as { valueFrom?: { secretKeyRef?: { name: string; key: string } } }).valueFrom ?? {};
        return secretKeyRef === undefined ? [] : [[each.name, `${secretKeyRef.name}/${secretKeyRef.key}`]];
      }),
    );
  const own = "web-secret-1a2b3c4d";
  const key = { SECRET_KEY: `${own}/secret-key`, DJANGO_SECRET_KEY: `${own}/secret-key` };
  const secretKey = pulumi.secret("s3cr3t");

  it("is a key that is generated where none is set, and kept by later updates", async () => {
    const run = await deploy();
    const { inputs, ...rest } = named(run, "web-key");
    const { data, ...others } = inputs as { data: unknown };
    assert.deepEqual(rest.ignoreChanges, ["data"]);
    assert.deepEqual(others, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace: "shop", annotations: forced },
    });
    const text = (plain(data) as Record<string, string>)["secret-key"] ?? "";
    assert.deepEqual(data, secret({ "secret-key": text }));
    assert.match(Buffer.from(text, "base64").toString(), /^[A-Za-z0-9+/]{64}$/);
    const again = named(await deploy(), "web-key").inputs["data"];
    assert.notDeepEqual(again, data);
    assert.deepEqual(references(run), {
      SECRET_KEY: "web-key-1a2b3c4d/secret-key",
      DJANGO_SECRET_KEY: "web-key-1a2b3c4d/secret-key",
    });
    assert.ok(run.resources.every(({ name }) => name !== "web-secret"));
  });

  it("is the key that is set, and then none is generated", async () => {
    const run = await deploy({ secretKey });
    assert.deepEqual(textsOf(run), { "secret-key": "s3cr3t" });
    assert.deepEqual(references(run), key);
    assert.ok(run.resources.every(({ name }) => name !== "web-key"));
  });

  it("is each of the stack's own variables, by reference", async () => {
    const run = await deploy({ secretKey, secretEnv: { SENTRY_DSN: pulumi.secret("https://t0ken@sentry.test/1") } });
    assert.deepEqual(textsOf(run), { "secret-key": "s3cr3t", SENTRY_DSN: "https://t0ken@sentry.test/1" });
    assert.deepEqual(references(run), { ...key, SENTRY_DSN: `${own}/SENTRY_DSN` });
    assert.doesNotMatch(JSON.stringify(podOf(run)), /t0ken/);
  });

  it("is the stack's own variable where the app has one of that name", async () => {
    const run = await deploy({ secretKey, secretEnv: { SECRET_KEY: "0wn", SECRET_KEY_FILE: "/own" } });
    assert.deepEqual(references(run), {
      ...key,
      SECRET_KEY: `${own}/SECRET_KEY`,
      SECRET_KEY_FILE: `${own}/SECRET_KEY_FILE`,
    });
    assert.equal(variable(run, "SECRET_KEY_FILE"), undefined);
  });

  const withUrl = (databaseUrl: string): Partial<DjangoAppArgs> => ({
    secretKey,
    database: "postgres",
    databaseUrl: pulumi.secret(databaseUrl),
  });

  it("is a database's URL, and each part by the names that are usual for it", async () => {
    const run = await deploy(withUrl("postgres://shop:pa55word@db.test:6432/orders"));
    assert.deepEqual(references(run), {
      ...key,
      DATABASE_URL: `${own}/database-url`,
      POSTGRES_HOST: `${own}/database-host`,
      PGHOST: `${own}/database-host`,
      POSTGRES_PORT: `${own}/database-port`,
      PGPORT: `${own}/database-port`,
      POSTGRES_DB: `${own}/database-name`,
      PGDATABASE: `${own}/database-name`,
      POSTGRES_USER: `${own}/database-user`,
      PGUSER: `${own}/database-user`,
      POSTGRES_PASSWORD: `${own}/database-password`,
      PGPASSWORD: `${own}/database-password`,
    });
    assert.deepEqual(
      [variable(run, "SECRET_KEY_FILE"), variable(run, "DATABASE_URL_FILE")],
      ["/run/secrets/django/secret-key", "/run/secrets/django/database-url"],
    );
  });

  it("is a Redis' URL, and each part by the names that are usual for it", async () => {
    const run = await deploy({ secretKey, redis: "url", redisUrl: pulumi.secret("rediss://:pa55word@redis.test/1") });
    assert.deepEqual(references(run), {
      ...key,
      REDIS_URL: `${own}/redis-url`,
      CELERY_BROKER_URL: `${own}/redis-url`,
      REDIS_HOST: `${own}/redis-host`,
      REDIS_PORT: `${own}/redis-port`,
      REDIS_PASSWORD: `${own}/redis-password`,
    });
    assert.deepEqual(textsOf(run), {
      "secret-key": "s3cr3t",
      "redis-url": "rediss://:pa55word@redis.test/1",
      "redis-host": "redis.test",
      "redis-port": "6379",
      "redis-password": "pa55word",
    });
    assert.ok(run.resources.every(({ type }) => type !== "django:index:Redis"));
  });
});

describe("Where nothing is secret", () => {
  ownEnvironment();

  it("has a Secret for the generated key alone", async () => {
    const { resources } = await deploy();
    assert.deepEqual(
      resources.filter(({ type }) => type === types.secret).map(({ name }) => name),
      ["web-key"],
    );
  });
});
