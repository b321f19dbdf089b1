import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { Problem } from "../../../../../components/problem";
import { env } from "../../../../commands/env/env";
import { init } from "../../../../commands/init/init";
import { folderWith } from "./folder";
import { manageFor } from "./settings/project";

const stackFile = `config:
  kubernetes-django:target: sandbox
  # While we develop
  kubernetes-django:debug: true
  kubernetes-django:podSecurity: restricted
`;

const settings = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n";

/** A checkout beside a project, with the checkout as the current folder. */
describe("npm run init", () => {
  const checkout = process.cwd();
  const { log, error } = console;
  let folder: string;
  let printed: string[];

  beforeEach(() => {
    folder = folderWith({
      "checkout/Pulumi.yaml": fs.readFileSync("Pulumi.yaml", "utf8"),
      "checkout/Pulumi.sandbox.yaml": stackFile,
      "shop/manage.py": manageFor("shop.settings"),
      "shop/shop/__init__.py": "",
      "shop/shop/settings.py": settings,
      "shop/requirements.txt": "Django==5.2\n",
    });
    process.chdir(path.join(folder, "checkout"));
    printed = [];
    console.log = (text: string) => printed.push(text);
    console.error = () => undefined;
  });

  afterEach(() => {
    process.chdir(checkout);
    Object.assign(console, { log, error });
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const refused = async (failed: RegExp, work: Promise<void>): Promise<void> => {
    await assert.rejects(work, (each) => each instanceof Problem && failed.test(each.failed));
    assert.equal(fs.existsSync("../shop/Dockerfile"), false);
  };
  const stack = { stack: "sandbox" };

  it("writes the stack's file, a Dockerfile and a .dockerignore, and nothing the second time", async () => {
    await init("../shop", stack);
    assert.equal(
      fs.readFileSync("Pulumi.sandbox.yaml", "utf8"),
      `config:
  kubernetes-django:target: sandbox
  # While we develop
  kubernetes-django:debug: true
  kubernetes-django:project: ../shop
  kubernetes-django:release: python manage.py migrate --noinput
`,
    );
    assert.match(fs.readFileSync("../shop/Dockerfile", "utf8"), /^FROM /m);
    assert.equal(fs.existsSync("../shop/.dockerignore"), true);
    printed = [];
    await init(path.join(folder, "shop"), stack);
    assert.equal(
      printed.at(-1),
      "\nNothing to write: Pulumi.sandbox.yaml says all of this already.\nNext: npm run up -- sandbox",
    );
  });

  it("says what `npm run up` would refuse of the stack's file, such as a key that its user chooses", async () => {
    fs.writeFileSync("Pulumi.sandbox.yaml", stackFile.replace("debug: true", "debug: false"));
    await init("../shop", stack);
    assert.match(
      printed.at(-1) ?? "",
      /^\nWrote [^\n]+\.\nBefore `npm run up -- sandbox`: Config key "secretKey" is not set: with debug off Django needs one; run `[^`]*config set --secret secretKey /,
    );
  });

  it("writes what else a project runs, and nothing the second time", async () => {
    fs.writeFileSync(
      "../shop/shop/celery.py",
      "from celery import Celery\napp = Celery('shop', broker='redis://redis')\n",
    );
    await init("../shop", stack);
    assert.match(
      fs.readFileSync("Pulumi.sandbox.yaml", "utf8"),
      /:redis: namespace\n[^]*:processes:\n {4}worker:\n {6}command: celery -A shop worker .*\n {6}terminationGraceSeconds: 60\n/,
    );
    assert.match(
      printed.join("\n"),
      /The settings name the server redis:\/\/redis in their text \(shop\/celery\.py:2\)/,
    );
    printed = [];
    await init("../shop", stack);
    assert.equal(
      printed.at(-1),
      "\nNothing to write: Pulumi.sandbox.yaml says all of this already.\nNext: npm run up -- sandbox",
    );
  });

  it("says what it found, where, and what would be written, and writes nothing in a dry run", async () => {
    await init("../shop", { ...stack, dryRun: true });
    assert.match(printed[0] ?? "", /database +sqlite +shop\/settings\.py:1$/m);
    assert.match(
      printed[1] ?? "",
      /these would be: Pulumi\.sandbox\.yaml, \.\.\/shop\/Dockerfile, \.\.\/shop\/\.dockerignore$/,
    );
    assert.equal(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"), stackFile);
    assert.equal(fs.existsSync("../shop/Dockerfile"), false);
  });

  it("takes the settings of manage.py for an image of the project's own where the stack's file turns debug on", async () => {
    fs.writeFileSync("../shop/Dockerfile", "FROM x\nCMD gunicorn shop.wsgi\n");
    fs.rmSync("../shop/shop/settings.py");
    fs.mkdirSync("../shop/shop/settings");
    for (const name of ["dev", "production"]) {
      fs.writeFileSync(`../shop/shop/settings/${name}.py`, settings);
    }
    fs.writeFileSync("../shop/manage.py", manageFor("shop.settings.dev"));
    await init("../shop", { ...stack, dryRun: true });
    assert.match(printed[0] ?? "", /settings +shop\.settings\.dev /);
    assert.doesNotMatch(printed[0] ?? "", /DJANGO_SETTINGS_MODULE/);
  });

  it("leaves a Dockerfile that is there", async () => {
    fs.writeFileSync("../shop/Dockerfile", "FROM x\nCMD gunicorn shop.wsgi\n");
    await init("../shop", stack);
    assert.equal(fs.readFileSync("../shop/Dockerfile", "utf8"), "FROM x\nCMD gunicorn shop.wsgi\n");
    assert.equal(fs.existsSync("../shop/.dockerignore"), false);
  });

  it("reads the Dockerfile that the stack's file names, and writes none beside it", async () => {
    fs.writeFileSync("../shop/web.Dockerfile", "FROM x\nCMD gunicorn shop.wsgi --bind 0.0.0.0:5000\n");
    fs.appendFileSync(
      "Pulumi.sandbox.yaml",
      "  kubernetes-django:project: ../shop\n  kubernetes-django:dockerfile: web.Dockerfile\n",
    );
    await init("../shop", stack);
    assert.match(printed[0] ?? "", /Dockerfile +web\.Dockerfile/);
    assert.match(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"), /:port: "5000"/);
    assert.equal(fs.existsSync("../shop/Dockerfile"), false);
  });

  it("refuses to write a Dockerfile where something else has its name", async () => {
    fs.mkdirSync("../shop/Dockerfile");
    await assert.rejects(init("../shop", stack), /^Error: \.\.\/shop\/Dockerfile is there, but is no text file/);
    fs.rmdirSync("../shop/Dockerfile");
    fs.symlinkSync("/nowhere", "../shop/Dockerfile");
    await assert.rejects(init("../shop", stack), /^Error: \.\.\/shop\/Dockerfile is there, but is no text file/);
    assert.equal(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"), stackFile);
  });

  it("takes a project for the same, however the stack's file writes its folder", async () => {
    fs.appendFileSync("Pulumi.sandbox.yaml", "  kubernetes-django:project: .././shop/\n  kubernetes-django:port: 80\n");
    await init("../shop", stack);
    assert.match(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"), /:project: \.\.\/\.\/shop\/\n.*:port: 80\n/);
  });

  it("keeps a checkout inside the project out of the image", async () => {
    fs.cpSync("../shop", "..", { recursive: true });
    fs.rmSync("../shop/manage.py");
    await init("..", stack);
    assert.match(fs.readFileSync("../.dockerignore", "utf8"), /^checkout$/m);
    assert.doesNotMatch(printed[0] ?? "", /This checkout's state/);
    fs.writeFileSync("../.dockerignore", "venv\n");
    await init("..", stack);
    assert.match(printed.join("\n"), /This checkout's state is in the project, .*: add checkout to \.dockerignore/);
  });

  it("keeps the state out of the image of a project that is the checkout itself", async () => {
    fs.cpSync("../shop", ".", { recursive: true });
    await init(".", stack);
    assert.match(fs.readFileSync(".dockerignore", "utf8"), /^\.local$/m);
  });

  it("loses nothing that the stack's file has for a map in another way", async () => {
    fs.writeFileSync("../shop/.env", "EMAIL_HOST=smtp.se\n");
    for (const odd of ["env: [a]", "env: x", "buildArgs: &all { A: b }\n  kubernetes-django:env: *all"]) {
      fs.writeFileSync("Pulumi.sandbox.yaml", `${stackFile}  kubernetes-django:${odd}\n`);
      await refused(/^Config key "env" in Pulumi\.sandbox\.yaml is no map/, init("../shop", stack));
      await refused(/^Config key "env" in .* is no map/, env("sandbox", { from: "../shop/.env" }));
    }
    fs.writeFileSync("Pulumi.sandbox.yaml", `${stackFile}  kubernetes-django:env: *nothing\n`);
    await refused(/^Pulumi\.sandbox\.yaml is no YAML: Unresolved alias/, init("../shop", stack));
  });

  it("shows the beginning of a long command", async () => {
    fs.writeFileSync("../shop/Procfile", `web: gunicorn ${"shop ".repeat(40)}\n`);
    await init("../shop", stack);
    assert.match(printed.join("\n"), /^ {2}web process +gunicorn (shop ){12}… {2}Procfile:1$/m);
  });

  it("names what the image runs, where a Procfile has another command", async () => {
    fs.writeFileSync("../shop/Procfile", "web: gunicorn shop.wsgi\n");
    fs.writeFileSync("../shop/Dockerfile", 'FROM python:3.13-slim\nCOPY . .\nCMD ["./start.sh"]\n');
    await init("../shop", stack);
    assert.match(printed.join("\n"), /^ {2}web process +\.\/start\.sh +Dockerfile$/m);
  });

  it("says that a .env file sets nothing, and shows the beginning of a long value", async () => {
    fs.writeFileSync("../shop/.env", "# EMAIL_HOST=\n");
    await env("sandbox", { from: "../shop/.env" });
    assert.deepEqual(printed, ["../shop/.env sets no variable, and nothing is written."]);
    fs.writeFileSync("../shop/.env", `WORDS=${"a b ".repeat(1000)}\n`);
    await env("sandbox", { from: "../shop/.env" });
    assert.match(printed[1] ?? "", /^ {2}WORDS {2}env {2}[ab ]{69}…$/);
  });

  it("refuses a stack that does not exist", async () => {
    await refused(/^There is no stack "nope" \(Pulumi\.nope\.yaml is missing\)/, init("../shop", { stack: "nope" }));
  });

  it("refuses a stack's file with a key that does not exist", async () => {
    fs.appendFileSync("Pulumi.sandbox.yaml", "  kubernetes-django:comand: x\n");
    await refused(/^Config key "comand" does not exist: the nearest one is "command"$/, init("../shop", stack));
  });

  it("refuses the stack of another project, unless by force", async () => {
    fs.appendFileSync("Pulumi.sandbox.yaml", "  kubernetes-django:project: ../blog\n  kubernetes-django:port: 80\n");
    await refused(
      /^Stack sandbox is of the project \.\.\/blog, and \.\.\/shop is another one$/,
      init("../shop", stack),
    );
    await init("../shop", { ...stack, force: true });
    const text = fs.readFileSync("Pulumi.sandbox.yaml", "utf8");
    assert.match(text, /:project: \.\.\/shop\n/);
    assert.doesNotMatch(text, /:port:/);
  });

  it("writes the keys of another app of the stack, and leaves those of the first one alone", async () => {
    fs.appendFileSync("Pulumi.sandbox.yaml", "  kubernetes-django:project: ../first\n  kubernetes-django:port: 80\n");
    const before = fs.readFileSync("Pulumi.sandbox.yaml", "utf8");
    await init("../shop", { ...stack, app: "blog" });
    assert.equal(
      fs.readFileSync("Pulumi.sandbox.yaml", "utf8"),
      `${before}  blog:podSecurity: baseline\n  blog:project: ../shop\n  blog:release: python manage.py migrate --noinput\n`,
    );
    assert.equal(fs.existsSync("../shop/Dockerfile"), true);
    assert.match(printed[0] ?? "", /^ {2}blog:project +\.\.\/shop/m);
    assert.match(
      printed[0] ?? "",
      /^index\.ts has no app "blog" yet: docs\/more-apps\.md shows the lines that deploy it$/m,
    );
    printed = [];
    fs.writeFileSync("index.ts", 'loadSettings(config, new pulumi.Config("blog"));\n');
    await init("../shop", { ...stack, app: "blog" });
    assert.doesNotMatch(printed[0] ?? "", /has no app/);
    assert.equal(
      printed.at(-1),
      "\nNothing to write: Pulumi.sandbox.yaml says all of this already.\nNext: npm run up -- sandbox",
    );
  });

  it("names the keys of another app in the commands that set what it could not know", async () => {
    fs.appendFileSync("../shop/shop/settings.py", "import os\nTOKEN = os.environ['TOKEN']\n");
    await init("../shop", { ...stack, app: "blog" });
    assert.match(printed[0] ?? "", /pulumi config set --secret --path blog:secretEnv\.TOKEN .* --stack sandbox/);
  });

  it("writes a key of another app again that was the same for another project", async () => {
    fs.writeFileSync("../shop/Dockerfile", "FROM x\nCMD gunicorn shop.wsgi --bind 0.0.0.0:5000\n");
    fs.appendFileSync("Pulumi.sandbox.yaml", '  blog:project: ../blog\n  blog:port: "5000"\n');
    await init("../shop", { ...stack, app: "blog", force: true });
    assert.match(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"), /blog:port: "5000"/);
  });

  it("refuses another app of another project, a name that none can have, and a key of it that does not exist", async () => {
    const blog = { ...stack, app: "blog" };
    fs.appendFileSync("Pulumi.sandbox.yaml", "  blog:project: ../blog\n");
    await refused(
      /^App blog of stack sandbox is of the project \.\.\/blog, and \.\.\/shop is another one$/,
      init("../shop", blog),
    );
    await refused(/^--app is "My_App": allowed are a-z/, init("../shop", { ...stack, app: "My_App" }));
    await assert.rejects(
      init("../shop", { ...stack, app: "My_App" }),
      /; name one that is there \(kubernetes-django, blog\), or a new one such as news\.$/,
    );
    fs.appendFileSync("Pulumi.sandbox.yaml", "  blog:comand: x\n");
    await refused(/^App "blog": Config key "comand" does not exist/, init("../shop", blog));
  });

  it("leaves nothing of what it began when a file cannot be written", async () => {
    fs.mkdirSync("../shop/.dockerignore.partial-" + String(process.pid));
    await assert.rejects(init("../shop", stack));
    assert.equal(fs.existsSync("../shop/Dockerfile"), false);
    assert.equal(fs.readFileSync("Pulumi.sandbox.yaml", "utf8"), stackFile);
  });

  it("takes a .env file over without a word of Pulumi's where it has no secret", async () => {
    fs.writeFileSync("../shop/.env", "EMAIL_HOST=smtp.se\n");
    await env("sandbox", { from: "../shop/.env" });
    assert.equal(
      fs.readFileSync("Pulumi.sandbox.yaml", "utf8"),
      `${stackFile}  kubernetes-django:env:\n    EMAIL_HOST: smtp.se\n`,
    );
    await refused(/^nope cannot be read \(ENOENT: .*\): allowed is a \.env file$/, env("sandbox", { from: "nope" }));
  });
});
