import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";

import { bytesInWords, copyIn, hand, receive } from "../../../../commands/db/transfer";
import { Pod } from "../../../../commands/manage/pod";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";
import { Problem } from "../../../../../components/problem";
import { isProblem } from "../../../../../test/unit/helpers/problems";

describe("A transfer", () => {
  const folder = temporaryFolder();
  /** A pod whose kubectl runs a script of a shell; what follows `--` are its arguments. */
  const pod = (script: string): Pod => {
    folder.write({
      "bin/kubectl": { executable: `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\n${script}\n` },
    });
    return new Pod("database-0", [], { PATH: `${folder.path("bin")}:/usr/bin:/bin` });
  };
  const progress = { detail: () => undefined };
  const never = new AbortController().signal;
  const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
  const from = async (script: string, interruption = never): Promise<number> =>
    await receive(
      { pod: pod(script), command: ["dump"], failed: "No backup" },
      folder.path("out"),
      progress,
      interruption,
    );
  const into = async (script: string, interruption = never, bytes = 300_000): Promise<void> => {
    folder.write({ in: "x".repeat(bytes) });
    await hand(
      { pod: pod(script), command: ["restore"], failed: "No restore" },
      folder.path("in"),
      progress,
      interruption,
    );
  };
  const left = (): string[] => fs.readdirSync(folder.path()).filter((name) => !["bin", "in"].includes(name));

  describe("from a pod", () => {
    it("writes what has the sum that the command says", async () => {
      assert.equal(await from(`printf data; echo 'a warning' >&2; echo ${sum("data")} >&2`), 4);
      assert.equal(fs.readFileSync(folder.path("out"), "utf8"), "data");
      assert.deepEqual(left(), ["out"]);
    });

    it("replaces an older file by a whole one only", async () => {
      folder.write({ out: "older" });
      await assert.rejects(
        from(`printf dat; echo ${sum("data")} >&2`),
        isProblem("No backup:\n  | the connection to the pod broke off\nNothing was written; run the command again."),
      );
      assert.equal(fs.readFileSync(folder.path("out"), "utf8"), "older");
      assert.deepEqual(left(), ["out"]);
    });

    it("writes what a link leads to, which stays one", async () => {
      for (const files of [{ kept: "older" }, {}]) {
        fs.rmSync(folder.path("kept"), { force: true });
        fs.rmSync(folder.path("out"), { force: true });
        folder.write(files);
        fs.symlinkSync("kept", folder.path("out"));
        await from(`printf data; echo ${sum("data")} >&2`);
        assert.equal(fs.readlinkSync(folder.path("out")), "kept");
        assert.equal(fs.readFileSync(folder.path("kept"), "utf8"), "data");
      }
    });

    it("says what the command says, and leaves nothing", async () => {
      await assert.rejects(
        from("printf data; echo 'pg_dump: error: no space' >&2; exit 1"),
        isProblem("No backup:\n  | pg_dump: error: no space\nNothing was written; run the command again."),
      );
      assert.deepEqual(left(), []);
    });

    it("leaves nothing when it is interrupted", async () => {
      const interruption = new AbortController();
      setTimeout(() => {
        interruption.abort(new Error("Ctrl-C"));
      }, 100);
      await assert.rejects(from("printf data; exec sleep 60", interruption.signal), /Ctrl-C/);
      assert.deepEqual(left(), []);
    });

    it("does not begin where no file can be written", async () => {
      const failing = receive(
        { pod: pod("exec sleep 60"), command: ["dump"], failed: "No backup" },
        folder.path("none", "out"),
        progress,
        never,
      );
      await assert.rejects(
        failing,
        /none\/out cannot be written \(ENOENT: no such file or directory\); make its folder first\.$/,
      );
    });
  });

  describe("into a pod", () => {
    it("says the word once all is there", async () => {
      await into(
        `[ "$2" = 300000 ] || exit 1; head -c "$2" | sha256sum | cut -c 1-64 >${folder.path("sum")}; echo ready >&2; read -r word; echo "$word" >>${folder.path("sum")}; echo done >&2`,
      );
      assert.equal(fs.readFileSync(folder.path("sum"), "utf8"), `${sum("x".repeat(300_000))}\ncommit\n`);
    });

    it("says what a command says that ends before it has read all", async () => {
      await assert.rejects(
        into("echo 'pg_restore: error: unsupported version' >&2; exit 1"),
        isProblem("No restore:\n  | pg_restore: error: unsupported version\nEverything is as it was."),
      );
    });

    it("does not say the word when it is interrupted", async () => {
      const interruption = new AbortController();
      setTimeout(() => {
        interruption.abort(new Error("Ctrl-C"));
      }, 200);
      await assert.rejects(
        into(
          `head -c "$2" >/dev/null; sleep 1; echo ready >&2; read -r word; echo "$word" >${folder.path("word")}`,
          interruption.signal,
        ),
        /Ctrl-C/,
      );
      assert.ok(!left().includes("word"));
    });

    it("ends with the reason for which it is interrupted while it sends", async () => {
      const interruption = new AbortController();
      setTimeout(() => {
        interruption.abort(new Error("Ctrl-C"));
      }, 200);
      const unhandled: unknown[] = [];
      const note = (reason: unknown): unknown => unhandled.push(reason);
      process.on("unhandledRejection", note);
      try {
        await assert.rejects(into("exec sleep 60", interruption.signal), /^Error: Ctrl-C$/);
      } finally {
        process.off("unhandledRejection", note);
      }
      assert.deepEqual(unhandled, []);
    });

    it("does not say the word for a file that changes while it is sent", async () => {
      await assert.rejects(
        into(`: >${folder.path("in")}; exec head -c "$2" >/dev/null`, never, 3_000_000),
        ({ message }: Error) =>
          /^No restore: the file cannot be read \(its size changed from 3000000 to \d+ bytes\); everything is as it was\.$/.test(
            message,
          ),
      );
    });

    it("does not take a connection that breaks after the word for success, nor for a failure", async () => {
      await assert.rejects(
        into(`head -c "$2" >/dev/null; echo ready >&2; read -r word; exit 1`),
        isProblem(
          "No restore:\n  | the connection to the pod broke off at the last step, so it is unknown whether it was\nLook at the data before you run the command again.",
        ),
      );
    });

    it("says that the connection broke where a command says nothing, and what is unchanged", async () => {
      await assert.rejects(
        into("exit 1"),
        isProblem("No restore:\n  | the connection to the pod broke off\nEverything is as it was."),
      );
      const uploads = { pod: pod("exit 1"), command: ["restore"], failed: "No uploads", kept: "the database is there" };
      await assert.rejects(
        hand(uploads, folder.path("in"), progress, never),
        isProblem("No uploads:\n  | the connection to the pod broke off\nThe database is there."),
      );
    });

    it("does not begin once it is interrupted", async () => {
      const interruption = new AbortController();
      interruption.abort(new Problem("SIGINT ended the command", "everything that it made is removed again"));
      await assert.rejects(
        into("exec sleep 60", interruption.signal),
        isProblem("SIGINT ended the command; everything that it made is removed again."),
      );
      const uploads = { pod: pod("exec sleep 60"), command: [], failed: "No uploads", kept: "the database is there" };
      await assert.rejects(
        hand(uploads, folder.path("in"), progress, interruption.signal),
        isProblem("SIGINT ended the command; the database is there."),
      );
    });
  });

  describe("within a pod", () => {
    const copy = async (script: string): Promise<void> => {
      await copyIn({ pod: pod(script), command: ["copy"], failed: "No copy" }, progress, never);
    };

    it("says the word once the command is ready", async () => {
      await copy(`echo ready >&2; read -r word; echo "$word" >${folder.path("word")}; echo done >&2`);
      assert.equal(fs.readFileSync(folder.path("word"), "utf8"), "commit\n");
    });

    it("does not take a connection that breaks after the word for success, nor for a failure", async () => {
      await assert.rejects(
        copy("echo ready >&2; read -r word; exit 1"),
        isProblem(
          "No copy:\n  | the connection to the pod broke off at the last step, so it is unknown whether it was\nLook at the data before you run the command again.",
        ),
      );
    });
  });

  it("has sizes in words", () => {
    assert.deepEqual([0, 999, 1000, 1_550_000, 2e15].map(bytesInWords), [
      "0 B",
      "999 B",
      "1.0 kB",
      "1.6 MB",
      "2000.0 TB",
    ]);
  });
});
