import assert from "node:assert/strict";
import path from "node:path";

import { hasStage, type StageOptions } from "../../../components/image/dockerfileStages";
import { type ImageConfig, portOf, readImageConfig } from "../../../components/image/imageConfig";
import { checkout } from "../helpers/checkout";
import { temporaryFolder } from "../helpers/folders";

type Said = Pick<ImageConfig, "ports" | "user" | "entrypoint" | "command"> & { workdir?: string };

describe("The config of an image", () => {
  const folder = temporaryFolder();
  const read = (lines: string[], options: StageOptions = {}): Said => {
    folder.write({ Dockerfile: [...lines, ""].join("\n") });
    const { ports, user, workdir, entrypoint, command } = readImageConfig(folder.path("Dockerfile"), options);
    return { ports, user, entrypoint, command, ...(workdir !== undefined && { workdir }) };
  };
  const nothing: Said = { ports: [], user: undefined, entrypoint: undefined, command: undefined };
  const shell = (...words: string[]): string[] => ["/bin/sh", "-c", ...words];

  const rows: [behaviour: string, lines: string[], said: Partial<Said>][] = [
    ["says nothing where it is that of another image", ["RUN make"], {}],

    ["has the port of an EXPOSE", ["EXPOSE 5000"], { ports: [5000] }],
    ["has each port once", ["EXPOSE 80 443/tcp", "EXPOSE 80/TCP"], { ports: [80, 443] }],
    ["has no port of another protocol than TCP", ["EXPOSE 53/udp 8000"], { ports: [8000] }],
    ["has no port of a range", ["EXPOSE 8000-8010"], {}],
    ["has a port from a variable", ["ARG PORT=5000", 'EXPOSE "$PORT"/tcp ${OTHER:-6000}'], { ports: [5000, 6000] }],
    ["has no port from a variable without a value", ["EXPOSE $PORT"], {}],

    ["has the last user, without a group", ["USER root", "USER django:staff"], { user: "django" }],
    ["has a user with a number", ["USER 1000:1000"], { user: "1000" }],
    ["has a user from a variable", ["ENV UID=1000", "USER ${UID}"], { user: "1000" }],
    ["has no user from a variable without a value", ["USER root", "USER $NAME"], {}],

    ["starts in the last folder", ["WORKDIR /code", "WORKDIR /srv//app/"], { workdir: "/srv/app" }],
    ["starts in a folder of the one before", ["WORKDIR /srv", "WORKDIR app"], { workdir: "/srv/app" }],
    ["starts in a folder from a variable", ["ARG HOME=/srv", "WORKDIR $HOME/app"], { workdir: "/srv/app" }],
    ["starts where nobody knows in a folder of another image's", ["WORKDIR app"], {}],

    ["has a command in exec form", ['CMD ["gunicorn", "a b"]'], { command: ["gunicorn", "a b"] }],
    ["has a command in the shell's form", ["CMD gunicorn  'a b' $PORT"], { command: shell("gunicorn  'a b' $PORT") }],
    ["has the last command", ["CMD a", 'CMD ["b"]'], { command: ["b"] }],
    ["has an empty command", ["CMD []"], { command: [] }],
    ["has escapes of JSON in exec form", ['CMD ["a\\n\\"b\\""]'], { command: ['a\n"b"'] }],
    ["has single quotes in the shell's form", ["CMD ['a', 'b']"], { command: shell("['a', 'b']") }],
    ["has a test in the shell's form", ['CMD [ "$A" = 1 ] && b'], { command: shell('[ "$A" = 1 ] && b') }],
    ["has a comment behind a list in the shell's form", ['CMD ["a"] # b'], { command: shell('["a"] # b') }],
    ["joins lines that are continued", ["CMD a \\", "  b \\ ", "  c"], { command: shell("a   b   c") }],
    [
      "leaves out comments and empty lines between them",
      ['CMD ["a", \\', "  # the first", "", '  "b"]', "ENTRYPOINT x \\", "# y", "  z"],
      { command: ["a", "b"], entrypoint: shell("x   z") },
    ],
    ["has keywords in lower case", ["expose 80", "user me", 'cmd ["a"]'], { ports: [80], user: "me", command: ["a"] }],

    ["has an entrypoint in exec form", ['ENTRYPOINT ["/entry", "a"]'], { entrypoint: ["/entry", "a"] }],
    ["has an entrypoint in the shell's form", ["ENTRYPOINT exec a"], { entrypoint: shell("exec a") }],
    [
      "has another shell from where one is named",
      ["ENTRYPOINT a", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]', "CMD b"],
      { entrypoint: shell("a"), command: ["/bin/bash", "-o", "pipefail", "-c", "b"] },
    ],
    ["has no command of a health check", ["HEALTHCHECK CMD curl /"], {}],
    [
      "keeps a command before an entrypoint of the same stage",
      ["CMD a", 'ENTRYPOINT ["b"]'],
      { command: shell("a"), entrypoint: ["b"] },
    ],
  ];
  for (const [behaviour, lines, said] of rows) {
    it(behaviour, () => {
      assert.deepEqual(read(["FROM scratch", ...lines]), { ...nothing, ...said });
    });
  }

  describe("of several stages", () => {
    const base = ["FROM scratch AS base", "EXPOSE 80", "USER me", 'SHELL ["sh"]', 'ENTRYPOINT ["/entry"]', 'CMD ["a"]'];
    const ofBase = { ports: [80], user: "me", entrypoint: ["/entry"], command: ["a"] };

    it("is that of the last stage alone", () => {
      assert.deepEqual(read([...base, "FROM scratch"]), nothing);
    });

    it("has what the stage says that it is from, and its own instead", () => {
      assert.deepEqual(read([...base, "FROM Base"]), ofBase);
      assert.deepEqual(read([...base, "FROM base AS next", "EXPOSE 81", "USER you", "FROM next", "CMD b"]), {
        ports: [80, 81],
        user: "you",
        entrypoint: ["/entry"],
        command: ["sh", "b"],
      });
    });

    it("has no command that was meant for another entrypoint", () => {
      const entrypoint = ["/other"];
      assert.deepEqual(read([...base, "FROM base", 'ENTRYPOINT ["/other"]']), {
        ...ofBase,
        entrypoint,
        command: undefined,
      });
      assert.deepEqual(read([...base, "FROM base", 'ENTRYPOINT ["/other"]', 'CMD ["b"]']), {
        ...ofBase,
        entrypoint,
        command: ["b"],
      });
    });

    it("is that of the stage that is built, whatever the case of its name", () => {
      const lines = [...base, "FROM scratch AS Other", "EXPOSE 81"];
      assert.deepEqual(read(lines, { stage: "BASE" }), ofBase);
      assert.deepEqual(read(lines, { stage: "other" }), { ...nothing, ports: [81] });
    });

    it("is that of the stage that a build argument names", () => {
      const lines = ["ARG FOR=dev", ...base, "FROM scratch AS dev", "EXPOSE 81", "FROM ${FOR}"];
      assert.deepEqual(read(lines).ports, [81]);
      assert.deepEqual(read(lines, { buildArgs: { FOR: "base" } }), ofBase);
    });
  });

  it("has the defaults of build arguments, and the stack's values before them", () => {
    const lines = ["ARG PORT=80", "FROM scratch", "ARG PORT", "ARG NAME=me", "EXPOSE $PORT", "USER $NAME"];
    assert.deepEqual(read(lines), { ...nothing, ports: [80], user: "me" });
    assert.deepEqual(read(lines, { buildArgs: { PORT: "81", NAME: "you" } }), { ...nothing, ports: [81], user: "you" });
  });

  it("reads lines that end as on Windows, and another escape where the file names one", () => {
    folder.write({ Dockerfile: "# escape=`\r\nFROM scratch\r\nEXPOSE 80 `\r\n  81\r\nCMD a `\r\n  b\r\n" });
    const { ports, command, escape } = readImageConfig(folder.path("Dockerfile"));
    assert.deepEqual([ports, command, escape], [[80, 81], shell("a   b"), "`"]);
  });

  it("says nothing for a file without a stage", () => {
    assert.deepEqual(read(["ARG A=b"]), nothing);
  });

  it("knows stages by their names", () => {
    folder.write({ Dockerfile: "FROM scratch AS Build\nFROM scratch\n" });
    assert.deepEqual(
      ["build", "BUILD", "scratch", "1"].map((stage) => hasStage(folder.path("Dockerfile"), stage)),
      [true, true, false, false],
    );
  });
});

describe("The port of an image", () => {
  it("is the one that it exposes, and else that of Django's own servers", () => {
    assert.equal(portOf({ ports: [5000] }), 5000);
    assert.equal(portOf({ ports: [] }), 8000);
    assert.equal(portOf({ ports: [80, 443] }), 8000);
  });

  it("is that of gunicorn in app/Dockerfile, whose user is a number", () => {
    const config = readImageConfig(path.join(checkout, "app/Dockerfile"));
    assert.equal(portOf(config), 8000);
    assert.match(config.user ?? "", /^[1-9][0-9]*$/);
  });
});
