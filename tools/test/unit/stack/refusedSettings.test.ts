import assert from "node:assert/strict";

import { Problem } from "../../../../components/problem";
import { loadSettings } from "../../../../components/config/settings";
import { configure } from "../../../../test/unit/helpers/config";
import { ownEnvironment } from "../../../../test/unit/helpers/environment";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { refusedSettings } from "../../../stack/refusedSettings";
import { openSession } from "../../../stack/session";
import { StackConfig } from "../../../stack/stackConfig";
import { stacksIn } from "../../../stack/stackFiles";

const good = { target: "cluster", imageRepository: "registry.example.com/shop", debug: "true" };
const secret = { secure: "v1:abc" };

describe("What the program would refuse of a stack's file", () => {
  ownEnvironment();
  const folder = temporaryFolder();
  const configOf = (config: Record<string, unknown>, more: Record<string, unknown> = {}): StackConfig => {
    const own = Object.entries(config).map(([key, value]) => [`kubernetes-django:${key}`, value] as const);
    folder.write({ "Pulumi.dev.yaml": JSON.stringify({ config: Object.fromEntries(own), ...more }) });
    return StackConfig.in(folder.path("Pulumi.dev.yaml"));
  };

  const bad: Record<string, unknown>[] = [
    { replica: "2" },
    { replicas: "many" },
    { replicas: 1001 },
    { debug: "false" },
    { secretKey: "in plain text" },
    { env: { VERSION: 3.1 } },
    { secretEnv: { TOKEN: "in plain text" } },
    { processes: { worker: { comand: "celery" } } },
    { schedules: { nightly: { command: "./manage.py clearsessions", schedule: "daily" } } },
    { media: { path: "/app/media" } },
    { backup: { schedule: "0 3 * * *", to: "volume" } },
    { redis: "redis://:password@cache:6379/0" },
  ];
  for (const values of bad) {
    it(`is ${JSON.stringify(values)}, in the program's own sentence`, () => {
      let sentence = "";
      assert.throws(
        () => loadSettings(configure({ ...good, ...values }, [])),
        (error) => {
          assert.ok(error instanceof Problem);
          sentence = error.message;
          return true;
        },
      );
      assert.equal(refusedSettings(configOf({ ...good, ...values }))?.message, sentence);
    });
  }

  it("is a map whose names are wrong, whatever is encrypted in it", () => {
    const refused = refusedSettings(configOf({ ...good, secretEnv: { "MY-TOKEN": secret } }));
    assert.match(refused?.message ?? "", /^Config key "secretEnv" has the variable "MY-TOKEN": allowed are/);
  });

  it("is what is wrong beside encrypted values", () => {
    const encrypted = { secretKey: secret, databaseUrl: secret, database: "postgres", secretEnv: { TOKEN: secret } };
    const refused = refusedSettings(configOf({ ...good, ...encrypted, redis: secret, media: { path: "/etc" } }));
    assert.match(refused?.message ?? "", /^Config key "media.path" is "\/etc": allowed is/);
  });

  it("is nothing that only the program can decrypt", () => {
    const accepted: Record<string, unknown>[] = [
      { debug: "false", secretKey: secret },
      { secretEnv: { TOKEN: secret } },
      { secretEnv: secret },
      { registryUsername: secret, registryPassword: secret },
      { replicas: secret },
      { redis: secret },
      { buildSecrets: { token: secret } },
    ];
    assert.deepEqual(
      accepted.map((values) => refusedSettings(configOf({ ...good, ...values }))),
      accepted.map(() => undefined),
    );
  });

  it("is a key without a namespace, which Pulumi takes for the project's", () => {
    const refusedIn = (config: Record<string, unknown>): string | undefined => {
      folder.write({ "Pulumi.dev.yaml": JSON.stringify({ config }) });
      return refusedSettings(StackConfig.in(folder.path("Pulumi.dev.yaml")))?.failed;
    };
    assert.equal(refusedIn(good), undefined);
    assert.equal(
      refusedIn({ ...good, replica: 2 }),
      'Config key "replica" does not exist: the nearest one is "replicas"',
    );
  });

  it("is a list where a text is meant", () => {
    assert.equal(
      refusedSettings(configOf({ ...good, command: ["gunicorn", "shop.wsgi"] }))?.message,
      'Config key "command" is a list: allowed is a text; run `pulumi config rm command` and `pulumi config set command VALUE`.',
    );
    assert.equal(
      refusedSettings(configOf({ ...good, databaseUrl: { url: secret } }))?.message,
      'Config key "databaseUrl" is a map: allowed is a text; run `pulumi config rm databaseUrl` and `pulumi config set --secret databaseUrl`.',
    );
  });

  it("is nothing where an environment adds to the file", () => {
    assert.equal(refusedSettings(configOf({}, { environment: ["shop"] })), undefined);
  });

  it("is no key of a provider or of another app", () => {
    const others = { "blog:project": "../blog", "kubernetes:context": "other" };
    folder.write({
      "Pulumi.dev.yaml": JSON.stringify({ config: { "kubernetes-django:target": "sandbox", ...others } }),
    });
    const refused = refusedSettings(StackConfig.in(folder.path("Pulumi.dev.yaml")));
    assert.match(refused?.message ?? "", /^Config key "secretKey" is not set/);
  });

  it("is the key that the checkout's stack `cluster` has to be given, and nothing in its others", () => {
    const refused = stacksIn().map((stack) => [stack, refusedSettings(StackConfig.of(stack))?.failed]);
    assert.deepEqual(Object.fromEntries(refused), {
      cluster: 'Config key "secretKey" is not set: with debug off Django needs one',
      dev: undefined,
      minikube: undefined,
      sandbox: undefined,
    });
  });

  it("is refused before anything is started for the stack", async () => {
    folder.write({
      "Pulumi.yaml": "name: kubernetes-django\n",
      "Pulumi.dev.yaml": 'config:\n  "kubernetes-django:target": sandbox\n  "kubernetes-django:replica": "2"\n',
    });
    process.chdir(folder.path());
    await assert.rejects(
      openSession("dev"),
      (error: Error) =>
        error instanceof Problem &&
        error.failed === 'Config key "replica" does not exist: the nearest one is "replicas"',
    );
  });
});
