import assert from "node:assert/strict";
import fs from "node:fs";

import { addRules, currentRules, forwardingRules, removeRules, type Rule } from "../../../../sandbox/cluster/firewall";
import { temporaryFolder } from "../../../../../test/unit/helpers/folders";

describe("The firewall rules of a network", () => {
  const folder = temporaryFolder();
  const rule: Rule = { table: "filter", chain: "FORWARD", match: ["-i", "kdj-x", "-j", "ACCEPT"] };
  const other: Rule = { table: "nat", chain: "POSTROUTING", match: ["-o", "kdj-x", "-j", "MASQUERADE"] };

  /** With commands that write down how they are called, then do as the script says. */
  const environment = (script = ""): NodeJS.ProcessEnv => {
    const executable = `#!/bin/sh\necho "$(basename "$0") $*" >>${folder.path("log")}\n${script}\n`;
    for (const name of ["iptables", "iptables-save", "nsenter"]) {
      folder.write({ [`bin/${name}`]: { executable } });
    }
    return { PATH: `${folder.path("bin")}:/usr/bin:/bin` };
  };
  const asked = (): string[] => fs.readFileSync(folder.path("log"), "utf8").trimEnd().split("\n");

  it("forward what comes from it and goes to it, and hide its addresses from others", () => {
    const network = { subnet: "10.1.0.0/16", within: ["-o", "br"], from: ["-i", "br"], to: ["-o", "br"] };
    const comment = ["-m", "comment", "--comment", "ours"];
    assert.deepEqual(forwardingRules(network, "ours"), [
      {
        table: "nat",
        chain: "POSTROUTING",
        match: ["-s", "10.1.0.0/16", "!", "-o", "br", ...comment, "-j", "MASQUERADE"],
      },
      { table: "filter", chain: "FORWARD", match: ["-i", "br", ...comment, "-j", "ACCEPT"] },
      { table: "filter", chain: "FORWARD", match: ["-o", "br", ...comment, "-j", "ACCEPT"] },
    ]);
  });

  it("are inserted before a user's, in the namespace that is named", async () => {
    await addRules([rule, other], environment());
    await addRules([rule], environment(), ["nsenter", "--net=/n"]);
    assert.deepEqual(asked(), [
      "iptables -w -t filter -I FORWARD -i kdj-x -j ACCEPT",
      "iptables -w -t nat -I POSTROUTING -o kdj-x -j MASQUERADE",
      "nsenter --net=/n iptables -w -t filter -I FORWARD -i kdj-x -j ACCEPT",
    ]);
  });

  it("stop the start of a cluster when one cannot be inserted", async () => {
    await assert.rejects(addRules([rule, other], environment("echo Permission denied >&2; exit 4")), {
      message: /exit code 4.*Permission denied/s,
    });
    assert.equal(asked().length, 1);
  });

  it("are all removed, even those after one that is gone already", async () => {
    await removeRules([rule, other], environment("exit 1"));
    assert.deepEqual(asked(), [
      "iptables -w -t filter -D FORWARD -i kdj-x -j ACCEPT",
      "iptables -w -t nat -D POSTROUTING -o kdj-x -j MASQUERADE",
    ]);
  });

  it("are read as iptables-save prints them", async () => {
    assert.equal(await currentRules(environment("echo '*nat'; echo COMMIT")), "*nat\nCOMMIT");
  });
});
