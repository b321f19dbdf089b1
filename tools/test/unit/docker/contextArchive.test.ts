import assert from "node:assert/strict";
import fs from "node:fs";

import { extract, type Header } from "tar-stream";

import { archiveContext } from "../../../docker/contextArchive";
import { readBuildContext } from "../../../../components/image/buildContext";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";

describe("The archive of a build context", () => {
  const folder = temporaryFolder();

  it("has what reaches the daemon and what says so, each with its mode, and all as root's", async () => {
    folder.write({
      "app/Dockerfile": "FROM scratch\n",
      "app/.dockerignore": "*\n!config\n!manage.py\n!link\n!empty\n",
      "app/README.md": "kept out",
      "app/config/__init__.py": "",
      "app/config/settings.py": "DEBUG = True\n",
      "app/manage.py": { executable: "#!/usr/bin/env python\n" },
      "app/link": { symlink: "manage.py" },
    });
    fs.mkdirSync(folder.path("app", "empty"), { mode: 0o700 });
    const context = readBuildContext(folder.path("app"), { builder: "docker", buildArgs: {}, platform: undefined });
    const target = folder.path("context.tar");
    const reader = extract();
    await archiveContext(folder.path("app"), context, target);
    fs.createReadStream(target).pipe(reader);
    const found: [Header, string][] = [];
    for await (const entry of reader) {
      let text = "";
      for await (const chunk of entry) {
        text += String(chunk);
      }
      found.push([entry.header, text]);
    }
    assert.deepEqual(
      found.map(([{ name, type, mode, linkname }, text]) => [name, type, mode.toString(8), linkname || text]),
      [
        [".dockerignore", "file", "644", "*\n!config\n!manage.py\n!link\n!empty\n"],
        ["Dockerfile", "file", "644", "FROM scratch\n"],
        ["config/", "directory", "755", ""],
        ["config/__init__.py", "file", "644", ""],
        ["config/settings.py", "file", "644", "DEBUG = True\n"],
        ["empty/", "directory", "700", ""],
        ["link", "symlink", "777", "manage.py"],
        ["manage.py", "file", "755", "#!/usr/bin/env python\n"],
      ],
    );
    assert.deepEqual(new Set(found.map(([{ uid, gid }]) => `${uid}:${gid}`)), new Set(["0:0"]));
  });

  it("ends with an error when a file went away meanwhile", async () => {
    const written = archiveContext(folder.path(), { files: ["gone.py"], folders: [] }, folder.path("context.tar"));
    await assert.rejects(written, /ENOENT.*gone\.py/);
  });
});
