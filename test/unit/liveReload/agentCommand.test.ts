import assert from "node:assert/strict";

import { agentFile, runsUnderAgent, underAgent, withoutAgent } from "../../../components/liveReload/agentCommand";

describe("The command of a process that is started again", () => {
  const python = (...command: string[]): string | undefined =>
    underAgent(command, { port: undefined, graceSeconds: 30 })[0];

  it("is run by the agent, which knows its port and how long it may take to end", () => {
    assert.deepEqual(underAgent(["gunicorn", "shop.wsgi"], { port: 5000, graceSeconds: 20 }), [
      "python3",
      agentFile,
      "run",
      "--port",
      "5000",
      "--grace",
      "20",
      "--",
      "gunicorn",
      "shop.wsgi",
    ]);
    assert.ok(!underAgent(["celery"], { port: undefined, graceSeconds: 60 }).includes("--port"));
  });

  it("is run by its own Python", () => {
    assert.equal(python("/venv/bin/python3.12", "manage.py", "runserver"), "/venv/bin/python3.12");
    assert.equal(python("python3", "manage.py"), "python3");
    assert.equal(python("/app/.venv/bin/gunicorn", "shop.wsgi"), "/app/.venv/bin/python3");
    assert.equal(python("/usr/local/bin/gunicorn", "shop.wsgi"), "python3");
    assert.equal(python("celery", "-A", "shop", "worker"), "python3");
    assert.equal(python("/bin/sh", "-c", "gunicorn shop.wsgi"), "python3");
  });

  it("is what it was without the agent", () => {
    const command = ["sh", "-c", "run -- it"];
    const all = underAgent(command, { port: 8000, graceSeconds: 20 });
    assert.ok(runsUnderAgent(all));
    assert.deepEqual(withoutAgent(all), command);
    assert.deepEqual(withoutAgent(["tini", "--", ...all]), ["tini", "--", ...command]);
    assert.deepEqual(withoutAgent(command), command);
    assert.ok(!runsUnderAgent(command));
  });
});
