import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { loadSettings } from "../../../components/config/settings";
import { configure, secretKeys } from "../helpers/config";
import { isProblem } from "../helpers/problems";
import type { ProcessSettings } from "../../../components/config/process";

const load = (values: Record<string, unknown>, encrypted = secretKeys): ProcessSettings =>
  loadSettings(configure({ target: "sandbox", debug: true, ...values }, encrypted)).process;

const accepted: [key: keyof ProcessSettings, value: unknown, read: unknown][] = [
  ["command", "gunicorn 'shop.wsgi' --name=\"a \\\" b\" it\\'s", "gunicorn 'shop.wsgi' --name=\"a \\\" b\" it\\'s"],
  ["command", "gunicorn shop.wsgi\n", "gunicorn shop.wsgi"],
  ["release", "none", "none"],
  ["release", "python manage.py migrate && make", "python manage.py migrate && make"],
  ["port", "1", 1],
  ["port", 65535, 65535],
  [
    "env",
    { EMAIL_HOST: "smtp.test", _a1: "", LONG: "two\nlines" },
    { EMAIL_HOST: "smtp.test", _a1: "", LONG: "two\nlines" },
  ],
  ["env", {}, {}],
  ["debugValues", "True,False", { on: "True", off: "False" }],
  ["debugValues", "1,", { on: "1", off: "" }],
  ["debugValues", ",0", { on: "", off: "0" }],
  ["podSecurity", "baseline", "baseline"],
  ["podSecurity", "restricted", "restricted"],
  ["runAsUser", "1", 1],
  ["runAsUser", 65534, 65534],
  ["writablePaths", "/app/media", ["/app/media"]],
  ["writablePaths", "/app/.cache,/..a", ["/app/.cache", "/..a"]],
  ["writablePaths", "/app/media,/var/lib/my shop", ["/app/media", "/var/lib/my shop"]],
  ["livenessPath", "/", "/"],
  ["readinessPath", "/readyz?full=1", "/readyz?full=1"],
  ["startPath", "/a%20b/", "/a%20b/"],
];

const commandRule = (key: string): string =>
  `allowed is a command in one line, with every quote closed; run \`pulumi config set ${key} 'gunicorn shop.wsgi'\`.`;
const pathRule = (key: string): string => `allowed is the path of a URL; run \`pulumi config set ${key} /healthz\`.`;
const rules: Record<string, string> = {
  command: commandRule("command"),
  release: commandRule("release"),
  port: "allowed is a whole number from 1 to 65535; run `pulumi config set port 8000`.",
  debugValues:
    "allowed is what DEBUG is with debug on and off, two texts with a comma between; run `pulumi config set debugValues True,False`.",
  podSecurity: "allowed is one of baseline, restricted; run `pulumi config set podSecurity baseline`.",
  runAsUser: "allowed is a whole number from 1 to 65534; run `pulumi config set runAsUser 10001`.",
  writablePaths:
    "allowed is absolute paths of folders, each one once, with commas between; run `pulumi config set writablePaths /app/media,/app/logs`.",
  livenessPath: pathRule("livenessPath"),
  readinessPath: pathRule("readinessPath"),
  startPath: pathRule("startPath"),
};
const refused: Record<string, string[]> = {
  command: ["a\nb", "a\u001b[2J", "gunicorn 'shop.wsgi", 'gunicorn "shop.wsgi', "gunicorn \\", "it's"],
  release: ["a\nb", "python 'manage.py"],
  port: ["0", "65536", "-1", "http", "8000/tcp", "80.5"],
  debugValues: ["True", "1,0,", "True,True", ","],
  podSecurity: ["privileged", "Restricted"],
  runAsUser: ["0", "65535", "django", "1000:1000"],
  writablePaths: ["media", "/", "/app/", "/app//media", "/a,/a", "/a,", "/a, /b", "/a\nb", "/a/../b", "/a/.", "/a:b"],

  livenessPath: ["healthz", "http://shop.test/", "/a b", "/ä"],
  readinessPath: ["readyz"],
  startPath: ["readyz"],
};

describe("Settings of processes", () => {
  for (const [key, value, read] of accepted) {
    it(`take ${key} ${JSON.stringify(value)}`, () => {
      assert.deepEqual(load({ [key]: value }), { ...load({}), [key]: read });
    });
  }

  for (const [key, values] of Object.entries(refused)) {
    for (const value of values) {
      it(`are refused: ${key} ${JSON.stringify(value)}, with what is allowed`, () => {
        assert.throws(
          () => load({ [key]: value }),
          isProblem(`Config key "${key}" is "${value}": ${rules[key] ?? ""}`),
        );
      });
    }
  }

  const plainMap =
    "allowed is a map of names to texts; run `pulumi config set --path env.EMAIL_HOST smtp.example.com`.";
  const secretMap = "allowed is a map of names to texts; run `pulumi config set --secret --path secretEnv.NAME VALUE`.";
  const nameRule = "allowed are names of letters, digits and _ that do not begin with a digit";
  const maps: [what: string, values: Record<string, unknown>, message: string][] = [
    ["variables that are no map", { env: "A=b" }, `Config key "env" is "A=b": ${plainMap}`],
    ["variables in a list", { env: ["A"] }, `Config key "env" is "["A"]": ${plainMap}`],
    [
      "a map within the map, which a name with a dot makes",
      { env: { A: { B: "c" } } },
      'Config key "env.A" is a map: allowed is a text; run `pulumi config rm --path env.A`, or `pulumi config set --type string --path env.A VALUE`.',
    ],
    [
      "a list within the map",
      { env: { "A.B": ["c"] } },
      `Config key "env.A.B" is a list: allowed is a text; run \`pulumi config rm --path 'env["A.B"]'\`, or \`pulumi config set --type string --path 'env["A.B"]' VALUE\`.`,
    ],
    [
      "a secret variable without a value",
      { secretEnv: { A: null } },
      'Config key "secretEnv.A" is null: allowed is a text; run `pulumi config rm --path secretEnv.A`, or `pulumi config set --secret --path secretEnv.A VALUE`.',
    ],
    [
      "a long text in place of a map",
      { env: "x".repeat(1e6) },
      `Config key "env" is "${"x".repeat(300)}…": ${plainMap}`,
    ],
    [
      "a variable that YAML took for a number",
      { env: { WORKERS: 3.1 } },
      'Config key "env.WORKERS" is the number 3.1, as YAML reads what stands in the stack\'s file: allowed is a text; write it in quotes there, or run `pulumi config set --type string --path env.WORKERS VALUE`.',
    ],
    [
      "a variable that YAML took for true",
      { env: { FAST: true } },
      'Config key "env.FAST" is the boolean true, as YAML reads what stands in the stack\'s file: allowed is a text; write it in quotes there, or run `pulumi config set --type string --path env.FAST VALUE`.',
    ],
    [
      "a secret variable that YAML took for a number, without its value",
      { secretEnv: { PIN: 1234 } },
      'Config key "secretEnv.PIN" is a number, as YAML reads what stands in the stack\'s file: allowed is a text; run `pulumi config set --secret --path secretEnv.PIN VALUE`.',
    ],
    [
      "secret variables that are no map, without them",
      { secretEnv: "s3cr3t" },
      `Config key "secretEnv" is "[secret]": ${secretMap}`,
    ],
    ...(["env", "secretEnv"] as const).flatMap((key) =>
      ["EMAIL-HOST", "1ST", "a.b", "", "A B"].map((name): [string, Record<string, unknown>, string] => [
        `the name ${JSON.stringify(name)} in ${key}`,
        { [key]: { [name]: "x" } },
        `Config key "${key}" has the variable "${name}": ${nameRule}; run \`pulumi config rm --path ${/^EMAIL/.test(name) ? `${key}.${name}` : `'${key}["${name}"]'`}\`.`,
      ]),
    ),
    [
      "a name that both maps have",
      { env: { A: "1", TOKEN: "2" }, secretEnv: { TOKEN: "3" } },
      'Config keys "env" and "secretEnv" both have TOKEN; run `pulumi config rm --path env.TOKEN`, or `pulumi config rm --path secretEnv.TOKEN`.',
    ],
  ];
  for (const [what, values, message] of maps) {
    it(`refuse ${what}`, () => {
      assert.throws(() => load(values), isProblem(message));
    });
  }

  it("refuse an encrypted value among those that stand in plain text", () => {
    assert.throws(
      () => load({ env: { TOKEN: "t0ken" } }, ["env"]),
      isProblem(
        'Config key "env" has an encrypted value, which would stand in plain text in the specs of pods; run `pulumi config rm --path env.NAME` and `pulumi config set --secret --path secretEnv.NAME VALUE`.',
      ),
    );
  });

  it("refuse secret variables in plain text, without their values", () => {
    assert.throws(
      () => load({ secretEnv: { TOKEN: "t0ken" } }, []),
      isProblem(
        'Config key "secretEnv" is in plain text, which everybody can read who reads the stack\'s file or a preview; run `pulumi config set --secret --path secretEnv.NAME VALUE`, with a new value if this one was published.',
      ),
    );
  });

  it("make a secret of each secret variable", async () => {
    const { secretEnv } = load({ secretEnv: { TOKEN: "t0ken", EMPTY: "" } });
    const read = Object.entries(secretEnv).map(async ([name, value]) => [
      name,
      await pulumi.isSecret(value),
      await new Promise((resolve) => value.apply(resolve)),
    ]);
    assert.deepEqual(await Promise.all(read), [
      ["TOKEN", true, "t0ken"],
      ["EMPTY", true, ""],
    ]);
  });

  const elsewhere = "and let the project read it from elsewhere, such as object storage.";

  it("refuse a variable that no process can be given, and quote nothing of it", () => {
    const [fit, long] = ["x".repeat(131_066), "x".repeat(200_000)];
    assert.equal(Object.keys(load({ secretEnv: { FIT: fit } }).secretEnv).length, 1);
    const why = "is longer than the 128 KiB that Linux gives a process in one variable";
    assert.throws(
      () => load({ secretEnv: { FIT: fit, LONG: long } }),
      isProblem(
        `Config key "secretEnv": the value of LONG (196 KiB) ${why}; run \`pulumi config rm --path secretEnv.LONG\`, ${elsewhere}`,
      ),
    );
    assert.throws(
      () => load({ env: { LONG: long } }),
      isProblem(
        `Config key "env": the value of LONG (196 KiB) ${why}; run \`pulumi config rm --path env.LONG\`, and put it into a file of the image.`,
      ),
    );
  });

  it("refuse more than a Secret holds", () => {
    const parts = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`PART_${index}`, "x".repeat(100 * 1024)]));
    assert.equal(Object.keys(load({ secretEnv: parts(10) }).secretEnv).length, 10);
    assert.throws(
      () => load({ secretEnv: { ...parts(10), MOST: "é".repeat(60 * 1024) } }),
      isProblem(
        `Config key "secretEnv" has 1120 KiB, of which MOST has 120 KiB: allowed are the 1024 KiB that a Secret holds; run \`pulumi config rm --path secretEnv.MOST\`, ${elsewhere}`,
      ),
    );
  });

  it("have no secret variables where the stack took the last one away", () => {
    assert.deepEqual(load({ secretEnv: {} }, []).secretEnv, {});
  });
});
