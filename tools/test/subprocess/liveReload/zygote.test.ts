import assert from "node:assert/strict";
import path from "node:path";

import execa from "execa";

import { agentFile, needsPython, python } from "./agent";

describe("The process from which workers are forked", () => {
  needsPython();

  /** Runs one whose agent leaves at once or after a message, which it does not read. */
  const serve = async (before: string): Promise<execa.ExecaReturnValue> => {
    const script = `
import socket, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(agentFile))})
from zygote import Zygote
agent, channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
zygote = Zygote(None, None, channel, frozenset())
${before}
zygote.serve()
print("ended")
`;
    return await execa(python, ["-c", script], { reject: false });
  };

  for (const [title, before] of [
    ["has left", "agent.close()"],
    ["left without reading what was sent", 'zygote.send({"is": "ready"}); agent.close()'],
    ["left before anything was sent", 'agent.close(); zygote.send({"is": "ready"})'],
  ] as const) {
    it(`ends in order when the agent ${title}`, async () => {
      const { stdout, stderr } = await serve(before);
      assert.deepEqual({ stdout, stderr }, { stdout: "ended", stderr: "" });
    });
  }
});
