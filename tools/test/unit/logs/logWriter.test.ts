import assert from "node:assert/strict";

import { labelOf, LogWriter } from "../../../logs/logWriter";

const pod = (name: string, labels: Record<string, string>): Parameters<typeof labelOf>[0] => ({
  metadata: { name, labels, uid: name, creationTimestamp: "" },
});
const web = pod("kubernetes-django-7c9-abcde", { app: "django-container" });
const worker = pod("kubernetes-django-worker-5d8-fghij", { app: "django-process", process: "worker" });

describe("The writer of logs", () => {
  const written = async (hasColors: boolean, hasPrefix = true): Promise<string[]> => {
    const texts: string[] = [];
    const write = (text: string): Promise<void> => Promise.resolve(void texts.push(text));
    const writer = new LogWriter({ hasColors, write }, ["web", "worker"], hasPrefix);
    writer.expect(worker);
    await writer.write(web, "one");
    await writer.write(worker, "two");
    return texts;
  };

  it("puts the names in front, in a column", async () => {
    assert.deepEqual(await written(false), ["web-abcde    | one\n", "worker-fghij | two\n"]);
  });

  it("gives each a colour of its own on a terminal, and leaves the text as it is", async () => {
    assert.deepEqual(await written(true), [
      "\u001b[36mweb-abcde    |\u001b[39m one\n",
      "\u001b[33mworker-fghij |\u001b[39m two\n",
    ]);
  });

  it("writes the lines alone if that is asked for", async () => {
    assert.deepEqual(await written(true, false), ["one\n", "two\n"]);
  });

  it("names a pod that it does not know by the end of its name", () => {
    assert.equal(labelOf(pod("other-x", {})), "x");
  });
});
