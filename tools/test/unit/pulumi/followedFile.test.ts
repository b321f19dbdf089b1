import assert from "node:assert/strict";
import fs from "node:fs";

import { FollowedFile } from "../../../pulumi/followedFile";
import { temporaryFolder } from "../../../../test/unit/helpers/folders";
import { until } from "../../../../test/unit/helpers/until";

describe("A file that another process writes", () => {
  const folder = temporaryFolder();
  let texts: string[];
  let followed: FollowedFile;

  beforeEach(() => {
    texts = [];
    followed = new FollowedFile(folder.path("output"), 20, (text) => texts.push(text));
  });
  afterEach(() => {
    followed.stop();
  });
  const untilRead = async (): Promise<void> => {
    await until("something was read", () => texts.length > 0);
  };

  it("is read while it grows, and to its end", async () => {
    fs.appendFileSync(followed.handle, "one\n");
    await untilRead();
    assert.deepEqual(texts, ["one\n"]);
    fs.appendFileSync(followed.handle, "two\n");
    followed.stop();
    assert.deepEqual(texts, ["one\n", "two\n"]);
  });

  it("has whole characters, however they were written", async () => {
    const [first, ...rest] = Buffer.from("é");
    fs.appendFileSync(followed.handle, Buffer.from([first ?? 0]));
    await untilRead();
    fs.appendFileSync(followed.handle, Buffer.from(rest));
    followed.stop();
    assert.equal(texts.join(""), "é");
  });

  it("has no name any more once there is something in it", async () => {
    assert.equal(fs.existsSync(folder.path("output")), true);
    fs.appendFileSync(followed.handle, "secret");
    await untilRead();
    assert.equal(fs.existsSync(folder.path("output")), false);
  });
});
