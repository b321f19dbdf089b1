import assert from "node:assert/strict";

import { isPlaceholder, secretBy } from "../../../../../commands/init/variables/secrets";

describe("whether a variable is a secret", () => {
  for (const name of [
    "STRIPE_API_KEY",
    "EMAIL_HOST_PASSWORD",
    "SENTRY_DSN",
    "GITHUB_TOKEN",
    "SUPERPASS",
    "AWS_SECRET_ACCESS_KEY",
    "PUBLIC_DATA_AWS_SECRET_ACCESS_KEY",
  ]) {
    it(`is told by the name ${name}`, () => {
      assert.equal(secretBy(name, "abc"), "name");
    });
  }

  it("is told by the name of a password that is a short number", () => {
    assert.equal(secretBy("CELERY_FLOWER_PASSWORD", "1234"), "name");
  });

  for (const [what, value] of [
    ["an address to post messages to", "https://hooks.slack.com/services/T01/B01/abc"],
    ["an address to post messages to on Discord", "https://discord.com/api/webhooks/1/abc"],
    ["a password in a URL", "smtp://mail:pass@host:25"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nabc"],
    ["a header that lets somebody in", "Authorization=Basic c2hvcDpwYXNz"],
    ["a key in JSON", '{\n "a": {"access_key": "shop", "secret_key": "shop"}}'],
    ["a password in a list of JSON", '[{"client-secret": "shop", "id": 1}]'],
    ["a long random text", "sk_live_51HkT9aKw93hdJdks93jKDs92jdkS9"],
  ] as const) {
    it(`is told by ${what}`, () => {
      assert.equal(secretBy("X", value), "content");
    });
  }

  for (const [name, value] of [
    ["EMAIL_HOST", "smtp.example.com"],
    ["BYPASS_LOGIN", "some"],
    ["OVERPASS_SERVER", "maps"],
    ["PASSWORD_RESET_TIMEOUT", "3600"],
    ["STRIPE_PUBLISHABLE_KEY", "pk_1"],
    ["DB_PASSWORD_REQUIRED", "true"],
    ["RESET_PASSWORD", "1"],
    ["STRIPE_WEBHOOK_URL", "https://shop.example.com/stripe"],
    ["MAIL_SUBJECT", "Basic membership of the shop"],
    ["SITE", "https://shop.example.com/a-long-path/with-many/parts2"],
    ["FEATURES", "{'password_reset': True, 'token_name': 'shop'}"],
    ["DJANGO_SETTINGS_MODULE", "config.settings.production2"],
  ] as const) {
    it(`is not told of ${name}`, () => {
      assert.equal(secretBy(name, value), undefined);
    });
  }
});

describe("a value that stands for somebody's own", () => {
  it("is recognized by its words", () => {
    for (const value of [
      "change-me",
      "your-key",
      "yourAccessKey",
      "<token>",
      "{token}",
      "[token]",
      "xxxx",
      "",
      "user@example.com",
    ]) {
      assert.equal(isPlaceholder(value, false), true, value);
    }
  });

  it("includes the usual words for a password only where it is a secret", () => {
    assert.equal(isPlaceholder("foo", true), true);
    for (const value of ["Your support team", '{"a": true}', "['a']", "[1, 2]"]) {
      assert.equal(isPlaceholder(value, false), false, value);
    }
  });
});
