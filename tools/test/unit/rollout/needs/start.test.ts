import assert from "node:assert/strict";

import { needOf } from "../../../../rollout/needs/needOf";
import { namedImage, restricted, rootImage } from "./runs";

const runc = (said: string): string =>
  `failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ${said}: unknown`;

describe("A user that Kubernetes refuses", () => {
  const named =
    'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root (pod: "web-1_shop(1)", container: django-web)';

  it("by its name is told with its uid", () => {
    assert.deepEqual(needOf(named, restricted, namedImage), {
      detail: "the image's user is the name app, which does not tell Kubernetes whether it is root",
      nextStep: "run `pulumi config set runAsUser 999`, which is its uid, or `pulumi config set podSecurity baseline`",
    });
  });

  it("by its name is told with the command that finds the uid where nobody could", () => {
    const { nextStep } = needOf(named, restricted) ?? {};
    assert.equal(
      nextStep,
      "run `pulumi config set runAsUser UID` with the uid that `docker run --rm --network none --entrypoint id shop:abc -u` prints, or `pulumi config set podSecurity baseline`",
    );
    assert.equal(needOf(named, restricted, { ...namedImage, userId: undefined })?.nextStep, nextStep);
  });

  it("as root is told with a uid that is nobody's", () => {
    const said = "container has runAsNonRoot and image will run as root (pod: web-1, container: django-web)";
    assert.deepEqual(needOf(said, restricted, rootImage), {
      detail: "the image runs as root, and the stack's Pod Security level demands another user",
      nextStep: "run `pulumi config set runAsUser 10001`, or `pulumi config set podSecurity baseline`",
    });
    assert.equal(
      needOf(named, restricted, { ...namedImage, userId: 0 })?.detail,
      "the image's user app is root, uid 0",
    );
  });
});

describe("A command that does not start", () => {
  const release: typeof restricted = { ...restricted, releases: "alone" };
  const cases: [said: string, detail: string, nextStep: RegExp, run?: typeof restricted][] = [
    [
      runc('exec: "gunicorn": executable file not found in $PATH'),
      "the image has no program gunicorn on its PATH",
      /^let the Dockerfile install gunicorn, or run `pulumi config set command 'COMMAND'`$/,
    ],
    [
      runc('exec: "python": executable file not found in $PATH'),
      "the image has no program python on its PATH",
      /, or run `pulumi config set release 'COMMAND'`$/,
      release,
    ],
    [
      runc('exec: "gunicorn shop.wsgi": executable file not found in $PATH'),
      'the image has no program whose name is "gunicorn shop.wsgi", with blanks',
      /^let each word stand by itself, as in CMD \["gunicorn", "shop\.wsgi"\], or run `pulumi config set command 'gunicorn shop\.wsgi'`$/,
    ],
    [
      runc('exec: "/entrypoint.sh": stat /entrypoint.sh: no such file or directory'),
      "the image has no /entrypoint.sh",
      /^let the Dockerfile copy it there \(\.dockerignore may leave it out\)/,
    ],
    [
      runc('exec: "/app/entrypoint.sh": permission denied'),
      "/app/entrypoint.sh may not be executed",
      /^make the project's entrypoint\.sh executable with `chmod \+x`, or add `RUN chmod a\+rx \/app\/entrypoint\.sh` to the Dockerfile, before its USER$/,
    ],
    [
      "exec /entrypoint.sh: no such file or directory",
      "the program that the first line of /entrypoint.sh names is not in the image",
      /^save it with the line ends of Unix, such as with `sed -i 's\/\\r\$\/\/' entrypoint\.sh`/,
    ],
    [
      "standard_init_linux.go:228: exec user process caused: no such file or directory",
      "the program that the first line of its script names is not in the image",
      /^save it with the line ends of Unix/,
    ],
    [
      "exec /entrypoint.sh: exec format error",
      "the first line of /entrypoint.sh names no program that runs it",
      /^let it begin with #!\/bin\/sh$/,
    ],
    [
      "exec /usr/local/bin/python3: exec format error",
      "the image is built for another processor than the node's",
      /`pulumi config rm platform`/,
    ],
    ["/usr/bin/env: ‘bash\\r’: No such file or directory", "a script has the line ends of Windows", /\\r\$\/\/' FILE`/],
    [
      "/bin/sh: 1: gunicorn: not found",
      "the image has no program gunicorn on its PATH",
      /^let the Dockerfile install gunicorn/,
    ],
    [
      "/entrypoint.sh: line 12: nc: command not found",
      "the image has no program nc on its PATH",
      /^let the Dockerfile install nc/,
    ],
    [
      "/app/docker-entrypoint.sh: 7: exec: gunicorn: not found",
      "the image has no program gunicorn on its PATH",
      /^let the Dockerfile install gunicorn/,
    ],
    [
      "python: can't open file '/app/manage.py': [Errno 2] No such file or directory",
      "the image has no /app/manage.py",
      /^run `pulumi config set release 'python FOLDER\/manage\.py migrate --noinput'`/,
      release,
    ],
    [
      "python: can't open file '/app/manage.py': [Errno 2] No such file or directory",
      "the image has no /app/manage.py",
      /`pulumi config set command 'python FOLDER\/manage\.py'`$/,
    ],
  ];
  for (const [said, detail, nextStep, run = restricted] of cases) {
    it(`is told with what it lacks: ${said.slice(-90)}`, () => {
      const need = needOf(said, run);
      assert.equal(need?.detail, detail);
      assert.match(need.nextStep, nextStep);
    });
  }

  it("is the release command's where that runs before the process", () => {
    const said = "python: can't open file '/app/manage.py': [Errno 2] No such file or directory";
    assert.match(needOf(said, { ...restricted, releases: "first" })?.nextStep ?? "", /set release 'python FOLDER/);
    assert.match(
      needOf("release: 2: exec: gunicorn: not found", { ...restricted, releases: "first" })?.nextStep ?? "",
      /set command 'COMMAND'`$/,
    );
  });

  it("is none that Django says of a file", () => {
    assert.equal(needOf("Not Found: /favicon.ico\n2026 WARNING polls/missing.css: not found", restricted), undefined);
  });
});

describe("A file of another user", () => {
  const denied = "PermissionError: [Errno 13] Permission denied: '/home/app/web/manage.py'";

  it("is the image's user's where the stack sets another uid", () => {
    assert.deepEqual(needOf(denied, { ...restricted, userId: 10001 }, namedImage), {
      detail: "uid 10001 may not read or write /home/app/web/manage.py",
      nextStep: "run `pulumi config set runAsUser 999`, the uid of the image's user",
    });
  });

  it("is root's where the image runs as root", () => {
    assert.equal(
      needOf(denied, { ...restricted, userId: 10001 }, rootImage)?.nextStep,
      "let it run as the image's user, with `pulumi config set podSecurity baseline` and `pulumi config rm runAsUser`",
    );
  });

  it("is mended in the Dockerfile, or by a volume, where processes run as the image's user", () => {
    const run = { ...restricted, isReadOnly: false };
    assert.equal(
      needOf("PermissionError: [Errno 13] Permission denied: '/app/media/x'", run, namedImage)?.nextStep,
      "run `pulumi config set writablePaths /app/media`, or let uid 999 read and write it, such as with `COPY --chown` or `chown` in the Dockerfile",
    );
    assert.match(needOf(denied, restricted, namedImage)?.nextStep ?? "", /^let uid 999 read and write it/);
  });

  it("is the folder of the image's command", () => {
    const said = runc('exec: "/home/app/web/start.sh": stat /home/app/web/start.sh: permission denied');
    assert.deepEqual(needOf(said, { ...restricted, userId: 10001 }, namedImage), {
      detail: "the process may not enter the folder of /home/app/web/start.sh",
      nextStep: "run `pulumi config set runAsUser 999`, the uid of the image's user",
    });
    assert.match(needOf(said, restricted, namedImage)?.nextStep ?? "", /^let every user enter it/);
  });

  it("is the folder that the image starts in", () => {
    const said = runc('chdir to cwd ("/home/app/web") set in config.json failed: permission denied');
    assert.deepEqual(needOf(said, { ...restricted, userId: 10001 }, namedImage), {
      detail: "the process may not enter /home/app/web, the image's WORKDIR",
      nextStep: "run `pulumi config set runAsUser 999`, the uid of the image's user",
    });
  });
});

describe("A port that only root may listen on", () => {
  const image = { ...rootImage, command: ["gunicorn", "--bind", "0.0.0.0:80", "shop.wsgi"] };
  const run = { ...restricted, userId: 10001, port: 80 };
  const other =
    "let it listen on another port, with `pulumi config set port 8000` and `pulumi config set command 'gunicorn --bind 0.0.0.0:8000 shop.wsgi'`";
  for (const said of [
    "ERROR:    [Errno 13] error while attempting to bind on address ('0.0.0.0', 80): permission denied",
    "[ERROR] connection to ('0.0.0.0', 80) failed: [Errno 13] Permission denied",
    "CannotListenError: Couldn't listen on 0.0.0.0:80: [Errno 13] Permission denied.",
    "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
    "bind(): Permission denied [core/socket.c line 230]",
    "Error: You don't have permission to access that port.",
    "    self.socket.bind(self.server_address)\nPermissionError: [Errno 13] Permission denied",
  ]) {
    it(`is told with another one: ${said}`, () => {
      assert.deepEqual(needOf(said, run, { ...image, userId: 999 }), {
        detail: "the process may not listen on port 80, which is below 1024",
        nextStep: other,
      });
    });
  }

  it("is left to the image's user where that is root", () => {
    const said = "Error: You don't have permission to access that port.";
    assert.equal(
      needOf(said, run, image)?.nextStep,
      `${other}, or let it run as the image's user, with \`pulumi config set podSecurity baseline\` and \`pulumi config rm runAsUser\``,
    );
  });

  it("is told without the command where nobody knows it", () => {
    assert.match(
      needOf("bind(): Permission denied", { ...run, userId: undefined })?.nextStep ?? "",
      /`pulumi config set command 'COMMAND --bind 0\.0\.0\.0:8000'`$/,
    );
  });
});
