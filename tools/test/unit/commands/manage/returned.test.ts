import assert from "node:assert/strict";

import { pack } from "tar-stream";

import { isSourceName, readReturned } from "../../../../commands/manage/returned";

describe("What a command returns from a pod", () => {
  const archive = async (): Promise<Buffer> => {
    const tar = pack();
    tar.entry({ name: "polls/models.py", mode: 0o644 }, "a = 1\n");
    tar.entry({ name: "link.py", type: "symlink", linkname: "/etc/passwd" });
    tar.entry({ name: "hard.py", type: "link", linkname: "/etc/passwd" });
    tar.entry({ name: "folder/", type: "directory" });
    tar.entry({ name: "bytes", mode: 0o4755 }, Buffer.from([0, 255, 10]));
    tar.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of tar) {
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  };

  it("is read as regular files, and nothing else is", async () => {
    assert.deepEqual(await readReturned(await archive()), [
      { name: "polls/models.py", isExecutable: false, content: Buffer.from("a = 1\n") },
      { name: "bytes", isExecutable: true, content: Buffer.from([0, 255, 10]) },
    ]);
    assert.deepEqual(await readReturned(Buffer.alloc(1024)), []);
  });

  it("is nothing when the tar ends too early", async () => {
    await assert.rejects(readReturned((await archive()).subarray(0, 515)), /Unexpected end of data/);
  });

  it("has names within the project that no tool of this machine reads unasked", () => {
    for (const name of [
      "manage.py",
      "polls/migrations/0001_initial.py",
      "locale/de/LC_MESSAGES/django.po",
      "a b/é.py",
    ]) {
      assert.ok(isSourceName(name), name);
    }
    const refused = ["", "/etc/passwd", "../x.py", "a/../../x.py", "a//b", "a/", "./x", "..", "C:x.py", "..\\x.py"];
    for (const name of [...refused, ".git/hooks/pre-commit", "polls/.envrc", "a\nb.py", "a\u001b[2J.py", "a\0b"]) {
      assert.ok(!isSourceName(name), JSON.stringify(name));
    }
  });
});
