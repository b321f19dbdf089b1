import assert from "node:assert/strict";

import { decidedFor } from "./decided";

const note = (line: number, how: string): string =>
  `The settings ask for an encrypted connection to Postgres (shop/settings.py:${line}), which the server in the namespace does not have: ${how}, or name a server that has it with \`pulumi config set --secret databaseUrl postgres://USER:PASSWORD@HOST/NAME\``;
const fromUrl = (more: string): string =>
  `import dj_database_url\nDEBUG = os.environ.get("DEBUG") == "1"\nDATABASES = {"default": dj_database_url.config(${more})}\n`;
const files = { "requirements.txt": "django\npsycopg\n" };

const cases: [title: string, settings: string, env: Record<string, string>, notes: string[]][] = [
  ["is told of where the text asks for it", fromUrl("ssl_require=True"), {}, [note(4, "let a variable decide it")]],
  ["is left where debug is on", fromUrl("ssl_require=not DEBUG"), {}, []],
  [
    "is told of in the options of a database",
    `${fromUrl("")}DATABASES["default"]["OPTIONS"] = {"sslmode": "require"}\n`,
    {},
    [note(4, "let a variable decide it")],
  ],
  [
    "is turned off by a variable that decides it",
    fromUrl('ssl_require=os.environ.get("DB_SSL", "True") == "True"'),
    { "env.DB_SSL": "False" },
    [],
  ],
  [
    "is left to the server by a variable that names its mode",
    `${fromUrl("")}DATABASES["default"]["OPTIONS"] = {"sslmode": os.environ.get("DB_SSLMODE", "require")}\n`,
    { "env.DB_SSLMODE": "prefer" },
    [],
  ],
  [
    "is nothing where the mode may be without",
    `${fromUrl("")}DATABASES["default"]["OPTIONS"] = {"sslmode": "prefer"}\n`,
    {},
    [],
  ],
];

describe("an encrypted connection to the database", () => {
  for (const [title, settings, env, notes] of cases) {
    it(title, async () => {
      await decidedFor({ settings, files }, (values, decision) => {
        const own = Object.entries(values).filter(([name]) => name.startsWith("env.DB_"));
        assert.deepEqual([Object.fromEntries(own), decision.notes], [env, notes]);
      });
    });
  }

  it("is turned off where a file of the project asks for it", async () => {
    const settings = fromUrl('ssl_require=os.environ.get("DB_SSL") == "True"');
    await decidedFor({ settings, files: { ...files, ".env": "DB_SSL=True\n" } }, (values) => {
      assert.equal(values["env.DB_SSL"], "False");
    });
  });

  it("is left where a file of the project turns it off", async () => {
    const settings = fromUrl('ssl_require=os.environ.get("DB_WITHOUT_SSL") != "True"');
    await decidedFor({ settings, files: { ...files, ".env": "DB_WITHOUT_SSL=True\n" } }, (values, { notes }) => {
      assert.deepEqual([values["env.DB_WITHOUT_SSL"], notes], ["True", []]);
    });
  });

  it("is what django-heroku asks for, unless the settings take it out again", async () => {
    const settings =
      'import django_heroku\nBASE_DIR = "/app"\nMIDDLEWARE = []\nALLOWED_HOSTS = ["shop.example"]\ndjango_heroku.settings(locals())\n';
    const heroku = { "requirements.txt": "django-heroku\npsycopg2\n" };
    await decidedFor({ settings, files: heroku }, (values, { notes }) => {
      assert.equal(values["database"], "postgres");
      assert.deepEqual(notes, [note(6, "call django_heroku.settings with `databases=False`")]);
    });
    const without = `${settings}DATABASES["default"]["OPTIONS"].pop("sslmode", None)\n`;
    const deleted = `${settings}del DATABASES["default"]["OPTIONS"]["sslmode"]\n`;
    for (const each of [without, deleted]) {
      await decidedFor({ settings: each, files: heroku }, (_values, { notes }) => {
        assert.deepEqual(notes, []);
      });
    }
  });
});
