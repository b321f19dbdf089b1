import assert from "node:assert/strict";

import { needOf } from "../../../../rollout/needs/needOf";
import { baseline, restricted, rootImage } from "./runs";

const traceback = (call: string, error: string): string =>
  `Traceback (most recent call last):\n  File "/app/shop/views.py", line 9, in save\n    ${call}\n${error}\n`;

describe("A write to a read-only disk", () => {
  const said: [what: string, output: string, path: string, folder: string][] = [
    [
      "Python opens a file",
      traceback('open("/app/media/x")', "OSError: [Errno 30] Read-only file system: '/app/media/x'"),
      "/app/media/x",
      "/app/media",
    ],
    [
      "Python makes a folder",
      traceback("os.makedirs(folder)", "OSError: [Errno 30] Read-only file system: '/app/media'"),
      "/app/media",
      "/app/media",
    ],
    [
      "Python renames a file",
      traceback("os.rename(a, b)", "OSError: [Errno 30] Read-only file system: '/tmp/x' -> '/app/media/x'"),
      "/app/media/x",
      "/app/media",
    ],
    [
      "collectstatic makes a folder, which led to another error",
      `${traceback("os.makedirs(directory, exist_ok=True)", "OSError: [Errno 30] Read-only file system: '/app/staticfiles'")}\nThe above exception was the direct cause of the following one:\n\nCommandError: failed\n`,
      "/app/staticfiles",
      "/app/staticfiles",
    ],
    ["cp", "cp: cannot create regular file '/app/conf/x.ini': Read-only file system", "/app/conf/x.ini", "/app/conf"],
    ["mkdir", "mkdir: cannot create directory ‘/app/media’: Read-only file system", "/app/media", "/app/media"],
    [
      "busybox's mkdir",
      "mkdir: can't create directory '/app/media': Read-only file system",
      "/app/media",
      "/app/media",
    ],
    ["chown", "chown: changing ownership of '/app/media': Read-only file system", "/app/media", "/app/media"],
    ["dash", "/entrypoint.sh: 3: cannot create /app/logs/x.log: Read-only file system", "/app/logs/x.log", "/app/logs"],
    ["bash", "/entrypoint.sh: line 3: /app/logs/x.log: Read-only file system", "/app/logs/x.log", "/app/logs"],
    ["touch", "touch: /app/logs/x.log: Read-only file system", "/app/logs/x.log", "/app/logs"],
    [
      "nginx",
      'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)',
      "/var/cache/nginx/client_temp",
      "/var/cache/nginx/client_temp",
    ],
    [
      "nginx's file",
      'nginx: [emerg] open() "/var/run/nginx.pid" failed (30: Read-only file system)',
      "/var/run/nginx.pid",
      "/var/run",
    ],
    [
      "uwsgi",
      'open("/var/log/uwsgi/shop.log"): Read-only file system [core/logging.c line 288]',
      "/var/log/uwsgi/shop.log",
      "/var/log/uwsgi",
    ],
    [
      "gunicorn",
      "Error: '/var/log/gunicorn/access.log' isn't writable [OSError(30, 'Read-only file system')]",
      "/var/log/gunicorn/access.log",
      "/var/log/gunicorn",
    ],
  ];
  for (const [what, output, path, folder] of said) {
    it(`is told with the folder as ${what} says it`, () => {
      assert.deepEqual(needOf(output, restricted), {
        detail: `the process cannot write to ${path}, which is on the read-only disk`,
        nextStep: `run \`pulumi config set writablePaths ${folder}\``,
      });
    });
  }

  const nextStep = (output: string, run = restricted, image?: typeof rootImage): string | undefined =>
    needOf(output, run, image)?.nextStep;
  const write = (path: string): string => `OSError: [Errno 30] Read-only file system: '${path}'`;

  it("keeps the folders that are writable already, and names a folder once", () => {
    const run = { ...restricted, writablePaths: ["/app/logs", "/var/cache/x"], volumes: ["/app/logs", "/var/cache/x"] };
    assert.equal(
      nextStep([write("/app/media/x"), write("/app/media/y")].join("\n"), run),
      "run `pulumi config set writablePaths /app/logs,/var/cache/x,/app/media`",
    );
    assert.equal(nextStep(write("/app/x"), run), "run `pulumi config set writablePaths /var/cache/x,/app`");
  });

  it("names all folders that the output tells of", () => {
    assert.equal(
      nextStep([write("/app/media/x"), "warning", write("/app/logs/x")].join("\n")),
      "run `pulumi config set writablePaths /app/media,/app/logs`",
    );
  });

  it("is in the image's WORKDIR where the path is relative", () => {
    assert.equal(nextStep(write("media/x"), restricted, rootImage), "run `pulumi config set writablePaths /app/media`");
    assert.equal(nextStep(write("db.sqlite3"), restricted, rootImage), "run `pulumi config set writablePaths /app`");
    assert.equal(
      nextStep(write("media/x")),
      "run `pulumi config set writablePaths /WORKDIR/media`, with the folder that the process runs in, the image's WORKDIR, for /WORKDIR",
    );
  });

  for (const [path, folder] of [
    ["/x", "/"],
    ["/etc/x", "/etc"],
    ["/usr/local/lib/x", "/usr/local/lib"],
  ] as const) {
    it(`advises no volume in place of ${folder}`, () => {
      assert.equal(
        nextStep(write(path)),
        `let the project write to another folder than ${folder}, which belongs to the system, or run \`pulumi config set podSecurity baseline\``,
      );
    });
  }

  it("quotes a path for the shell", () => {
    assert.equal(nextStep(write("/app/my media/x")), "run `pulumi config set writablePaths '/app/my media'`");
  });

  it("asks for the folder where nothing names it", () => {
    assert.match(
      nextStep("bind(): Read-only file system [core/socket.c line 230]") ?? "",
      /^run `pulumi config set writablePaths \/FOLDER` with the folder that it writes to/,
    );
  });

  it("is none in a volume, or where the disk is not read-only", () => {
    assert.equal(needOf(write("/tmp/x"), restricted), undefined);
    assert.equal(needOf(write("/app/media/x"), baseline), undefined);
  });
});

describe("What SQLite may not write", () => {
  const errors = [
    "django.db.utils.OperationalError: unable to open database file",
    "sqlite3.OperationalError: attempt to write a readonly database",
  ];
  const names = "the folder of its file, which NAME in DATABASES names";

  for (const error of errors) {
    it(`is on the read-only disk, in the image's WORKDIR as long as nothing says more: "${error}"`, () => {
      assert.deepEqual(needOf(error, restricted, rootImage), {
        detail: "SQLite cannot write its file, which is on the read-only disk",
        nextStep: `run \`pulumi config set writablePaths /app\`, for ${names}, or \`pulumi config set podSecurity baseline\``,
      });
    });
  }

  it("is in a folder that the user has to name where the image was not asked", () => {
    assert.equal(
      needOf(errors[0] ?? "", restricted)?.nextStep,
      `run \`pulumi config set writablePaths /FOLDER\` with ${names}, or \`pulumi config set podSecurity baseline\``,
    );
  });

  it("is moved to the folder that is writable where a variable of the stack names it", () => {
    const variables = new Map([...restricted.variables, ["DATABASE_URL", "sqlite:////app/data/db.sqlite3"] as const]);
    assert.match(
      needOf(errors[0] ?? "", { ...restricted, variables }, rootImage)?.nextStep ?? "",
      /^run `pulumi config set --path env\.DATABASE_URL 'sqlite:\/\/\/\$\(SQLITE_PATH\)'`, or `pulumi config set writablePaths \/app\/data`/,
    );
  });

  it("is another user's where the disk is not read-only", () => {
    const image = { ...rootImage, user: "10001", userId: 10001 };
    assert.deepEqual(needOf(errors[1] ?? "", baseline, image), {
      detail: "SQLite cannot write its file: uid 10001 may not write to the file or its folder",
      nextStep: `run \`pulumi config set writablePaths /app\`, for ${names}`,
    });
    const set = needOf(errors[1] ?? "", { ...baseline, userId: 1000 }, rootImage);
    assert.equal(set?.detail, "SQLite cannot write its file: uid 1000 may not write to the file or its folder");
    assert.match(set.nextStep, /, or `pulumi config rm runAsUser`$/);
  });

  it("is in a folder that is not there where root may write everywhere", () => {
    assert.equal(
      needOf(errors[0] ?? "", baseline, rootImage)?.detail,
      "SQLite cannot open its file, whose folder the image does not have",
    );
  });
});
