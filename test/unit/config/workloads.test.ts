import assert from "node:assert/strict";

import { loadSettings } from "../../../components/config/settings";
import type { WorkloadSettings } from "../../../components/config/workloads";
import { configure, secretKeys } from "../helpers/config";
import { isProblem } from "../helpers/problems";

const load = (values: Record<string, unknown>, encrypted = secretKeys): WorkloadSettings =>
  loadSettings(configure({ target: "sandbox", debug: true, ...values }, encrypted)).workloads;
const loadProcess = (fields: Record<string, unknown>, more: Record<string, unknown> = {}): unknown =>
  load({ processes: { worker: { command: "celery worker", ...fields } }, ...more }).processes.worker;

const own = { cpuRequest: undefined, cpuLimit: undefined, memoryRequest: undefined, memoryLimit: undefined };
const worker = {
  command: "celery worker",
  replicas: 1,
  maxReplicas: undefined,
  singleton: false,
  port: undefined,
  expose: undefined,
  healthCommand: undefined,
  healthPath: undefined,
  terminationGraceSeconds: 30,
  ...own,
};

describe("Processes of a stack", () => {
  it("are none unless there are some", () => {
    assert.deepEqual(load({}), { processes: {}, schedules: {} });
  });

  it("have the defaults of a worker", () => {
    assert.deepEqual(loadProcess({}), worker);
  });

  const accepted: [fields: Record<string, unknown>, read: Partial<typeof worker> | Record<string, unknown>][] = [
    [
      { replicas: 3, maxReplicas: "5" },
      { replicas: 3, maxReplicas: 5 },
    ],
    [{ replicas: "0" }, { replicas: 0 }],
    [{ singleton: true }, { singleton: true }],
    [{ singleton: "true", replicas: 1 }, { singleton: true }],
    [
      { port: 5555, expose: "NodePort", healthPath: "/up" },
      { port: 5555, expose: "NodePort", healthPath: "/up" },
    ],
    [{ healthCommand: "celery inspect ping" }, { healthCommand: "celery inspect ping" }],
    [{ terminationGraceSeconds: 600 }, { terminationGraceSeconds: 600 }],
    [
      { cpuRequest: 0.5, cpuLimit: 2, memoryRequest: "1Gi", memoryLimit: "1Gi" },
      { cpuRequest: "0.5", cpuLimit: "2", memoryRequest: "1Gi", memoryLimit: "1Gi" },
    ],
    // The web process's request is above that.
    [{ memoryLimit: "64Mi" }, { memoryLimit: "64Mi", memoryRequest: "64Mi" }],
    [{ port: null }, {}],
  ];
  for (const [fields, read] of accepted) {
    it(`take ${JSON.stringify(fields)}`, () => {
      assert.deepEqual(loadProcess(fields), { ...worker, ...read });
    });
  }

  it("have a path of the Ingress where there is one", () => {
    assert.deepEqual(loadProcess({ port: 5555, expose: "/flower" }, { ingressHost: "shop.test" }), {
      ...worker,
      port: 5555,
      expose: "/flower",
    });
  });

  const refused: [what: string, processes: unknown, message: string][] = [
    [
      "a text",
      "worker",
      'Config key "processes" is "worker": allowed is a map; run `pulumi config set --path processes.NAME.command \'celery -A shop worker\'`.',
    ],
    [
      "a command in place of fields",
      { worker: "celery" },
      'Config key "processes.worker" is "celery": allowed is a map of command, replicas, maxReplicas, singleton, port, expose, healthCommand, healthPath, terminationGraceSeconds, cpuRequest, cpuLimit, memoryRequest, memoryLimit; run `pulumi config rm --path processes.worker` and `pulumi config set --path processes.worker.command \'celery -A shop worker\'`.',
    ],
    [
      "no command",
      { worker: { replicas: 2 } },
      "Config key \"processes.worker.command\" is not set: allowed is a command in one line, with every quote closed; run `pulumi config set --path processes.worker.command 'gunicorn shop.wsgi'`.",
    ],
    [
      "a command as a list",
      { worker: { command: ["celery"] } },
      'Config key "processes.worker.command" is a list: allowed is a text; run `pulumi config rm --path processes.worker.command` and `pulumi config set --path processes.worker.command VALUE`.',
    ],
    [
      "a misspelt field",
      { worker: { command: "a", replica: 2 } },
      'Config key "processes.worker.replica" does not exist: the nearest one is "replicas"; run `pulumi config rm --path processes.worker.replica`, and `pulumi config set --path processes.worker.replicas VALUE` if you meant that.',
    ],
    [
      "a number that is none",
      { worker: { command: "a", replicas: "two" } },
      'Config key "processes.worker.replicas" is "two": allowed is a whole number from 0 to 1000; run `pulumi config set --path processes.worker.replicas 2`.',
    ],
    [
      "two of a singleton",
      { beat: { command: "a", singleton: true, replicas: 2 } },
      'Config key "processes.beat.replicas" is "2", and there is never more than one of a singleton; run `pulumi config rm --path processes.beat.replicas`.',
    ],
    [
      "a singleton that scales",
      { beat: { command: "a", singleton: true, maxReplicas: 2 } },
      'Config key "processes.beat.maxReplicas" is "2", and there is never more than one of a singleton; run `pulumi config rm --path processes.beat.maxReplicas`.',
    ],
    [
      "no room to scale",
      { worker: { command: "a", replicas: 2, maxReplicas: 2 } },
      'Config key "processes.worker.maxReplicas" is "2", and allowed is more than its replicas, which is 2 and has to be at least 1; run `pulumi config rm --path processes.worker.maxReplicas`.',
    ],
    [
      "a way to no port",
      { flower: { command: "a", expose: "NodePort" } },
      'Config key "processes.flower.expose" is "NodePort", and the process has no port; run `pulumi config set --path processes.flower.port PORT` with the port that it listens on.',
    ],
    [
      "a path of no Ingress",
      { flower: { command: "a", port: 5555, expose: "/flower" } },
      'Config key "processes.flower.expose" is "/flower", a path of the Ingress, and there is none without ingressHost; run `pulumi config set ingressHost django.example.com`, or `pulumi config set --path processes.flower.expose NodePort`.',
    ],
    [
      "two ways to ask for its health",
      { flower: { command: "a", port: 5555, healthPath: "/", healthCommand: "b" } },
      'Config key "processes.flower.healthPath" is "/", and healthCommand is set as well; run `pulumi config rm --path processes.flower.healthPath`.',
    ],
    [
      "a request above its limit",
      { worker: { command: "a", memoryRequest: "1Gi" } },
      'Config key "processes.worker.memoryRequest" is "1Gi", and "processes.worker.memoryLimit" is "512Mi": a pod cannot request more than it may use; run `pulumi config set --path processes.worker.memoryLimit 1Gi`, or `pulumi config set --path processes.worker.memoryRequest 512Mi`.',
    ],
  ];
  for (const [what, processes, message] of refused) {
    it(`are refused: ${what}`, () => {
      assert.throws(() => load({ processes }), isProblem(message));
    });
  }

  for (const name of ["web", "redis", "release", "Worker", "a_b", "1st", "a-", "x".repeat(31)]) {
    it(`are refused under the name ${name}`, () => {
      assert.throws(() => load({ processes: { [name]: { command: "a" } } }), {
        message: new RegExp(`^Config key "processes" has the name "${name}": allowed are a-z, 0-9 and -`),
      });
    });
  }

  it("are refused with an encrypted field", () => {
    assert.throws(
      () => load({ processes: { worker: { command: "a" } } }, [...secretKeys, "processes"]),
      isProblem(
        'Config key "processes" has an encrypted value, which would stand in plain text in the cluster; run `pulumi config rm processes`, and put the secret in secretEnv: a command may use it as $NAME.',
      ),
    );
  });
});

describe("Schedules of a stack", () => {
  const nightly = { schedule: "0 3 * * *", command: "python manage.py clearsessions" };

  it("have the defaults of a nightly command", () => {
    assert.deepEqual(load({ schedules: { nightly } }).schedules, {
      nightly: {
        ...nightly,
        timeZone: "Etc/UTC",
        deadlineSeconds: 3600,
        startingDeadlineSeconds: 200,
        history: 3,
        ...own,
      },
    });
  });

  it("take a time zone", () => {
    const { schedules } = load({ schedules: { nightly: { ...nightly, timeZone: "Asia/Calcutta" } } });
    assert.equal(schedules.nightly?.timeZone, "Asia/Calcutta");
  });

  for (const timeZone of ["Berlin", "europe/berlin", "+01:00", "Local", "UTC+1"]) {
    it(`are refused with the time zone ${timeZone}`, () => {
      assert.throws(
        () => load({ schedules: { nightly: { ...nightly, timeZone } } }),
        isProblem(
          `Config key "schedules.nightly.timeZone" is "${timeZone}": allowed is a name of the tz database; run \`pulumi config set --path schedules.nightly.timeZone Europe/Berlin\`.`,
        ),
      );
    });
  }

  it("are refused under the name of a process", () => {
    assert.throws(() => load({ processes: { nightly: { command: "a" } }, schedules: { nightly } }), {
      message: /^Config key "schedules" has the name "nightly"/,
    });
  });

  it("are refused without a time", () => {
    assert.throws(
      () => load({ schedules: { nightly: { command: "a" } } }),
      isProblem(
        "Config key \"schedules.nightly.schedule\" is not set: allowed is a cron expression of five fields (minute, hour, day, month, weekday), or @hourly, @daily and such; run `pulumi config set --path schedules.nightly.schedule '0 3 * * *'`.",
      ),
    );
  });
});
