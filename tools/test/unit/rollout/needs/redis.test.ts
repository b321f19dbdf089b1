import assert from "node:assert/strict";

import { needOf } from "../../../../rollout/needs/needOf";
import type { Run } from "../../../../rollout/needs/run";
import { baseline } from "./runs";

const notThere = "redis.exceptions.ConnectionError: Error -2 connecting to redis:6379. Name or service not known.";
const notHere = "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.";
const amqp =
  "[ERROR/MainProcess] consumer: Cannot connect to amqp://guest:**@rabbit:5672//: [Errno 111] Connection refused.";
const url = ", with the variable that its settings take the URL from for NAME";
const namespace = "`pulumi config set redis namespace`";

const withVariables = (...variables: [name: string, value: string | undefined][]): Run => ({
  ...baseline,
  variables: new Map([...baseline.variables, ["CSRF_TRUSTED_ORIGINS", "http://localhost:8000"], ...variables]),
});
const given: [string, undefined][] = ["REDIS_URL", "REDIS_HOST"].map((name) => [name, undefined]);

describe("A Redis that does not run", () => {
  const cases: [title: string, said: string, run: Run, detail: string, nextStep: string][] = [
    [
      "is one that the stack can have",
      notHere,
      withVariables(),
      "no Redis runs in the pod",
      `run ${namespace} and \`pulumi config set --path env.NAME '$(REDIS_URL)'\`${url}`,
    ],
    [
      "is the stack's own under another name",
      notThere,
      withVariables(...given, ["CACHE_URL", "redis://redis:6379/1"]),
      "no Redis runs under the name redis",
      "run `pulumi config set --path env.CACHE_URL '$(REDIS_URL)'`",
    ],
    [
      "is one whose host alone is named",
      notThere,
      withVariables(["CACHE_HOST", "redis"]),
      "no Redis runs under the name redis",
      `run ${namespace} and \`pulumi config set --path env.CACHE_HOST '$(REDIS_HOST)'\``,
    ],
    [
      "is given under that name, which the stack's own variable hides",
      "[ERROR/MainProcess] consumer: Cannot connect to redis://redis:6379/0: Error 111 connecting to redis:6379. Connection refused..",
      withVariables(["CELERY_BROKER_URL", "redis://redis:6379/0"]),
      "no Redis runs under the name redis",
      `run ${namespace} and \`pulumi config rm --path env.CELERY_BROKER_URL\``,
    ],
  ];
  for (const [title, said, run, detail, nextStep] of cases) {
    it(title, () => {
      assert.deepEqual(needOf(said, run), { detail, nextStep, mayPass: said !== notHere });
    });
  }

  it("may be there without the password", () => {
    const said = "redis.exceptions.AuthenticationError: Authentication required.";
    const detail = "the Redis demands a password, which the settings do not have";
    assert.deepEqual(needOf(said, withVariables(...given)), {
      detail,
      nextStep: `have the settings read \`REDIS_PASSWORD\`, or run \`pulumi config set --path env.NAME '$(REDIS_URL)'\`${url}`,
    });
    assert.deepEqual(needOf(said, baseline), {
      detail,
      nextStep: "run `pulumi config set --secret redis redis://:PASSWORD@HOST:6379/0`",
    });
  });
});

describe("A RabbitMQ that does not run", () => {
  const orAnother = (name: string): string =>
    ` to use Redis instead, or name a RabbitMQ that the cluster reaches with \`pulumi config set --secret --path secretEnv.${name} amqp://USER:PASSWORD@HOST\``;

  it("is one in whose place Celery takes Redis", () => {
    assert.deepEqual(needOf(amqp, withVariables(["BROKER_URL", "amqp://guest:guest@rabbit:5672//"])), {
      detail: "no RabbitMQ runs under the name rabbit",
      nextStep: `run ${namespace} and \`pulumi config set --path env.BROKER_URL '$(REDIS_URL)'\`${orAnother("BROKER_URL")}`,
      mayPass: true,
    });
  });

  it("is what Celery looks for where its settings name no broker", () => {
    const said = amqp.replace("rabbit", "127.0.0.1");
    assert.deepEqual(needOf(said, withVariables(...given)), {
      detail: "no RabbitMQ runs in the pod",
      nextStep: `run \`pulumi config set --path env.NAME '$(REDIS_URL)'\`${url},${orAnother("NAME")}`,
      mayPass: false,
    });
  });
});
