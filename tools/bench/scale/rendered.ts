import path from "node:path";

import execa from "execa";

/** What the program takes when no engine, no provider and no cluster make it wait. */
export interface Rendered {
  /** Without Node's start and the modules. */
  seconds: number;
  /** The most that the process held, its modules included. */
  peakMib: number;
  resources: number;
}

const root = path.resolve(__dirname, "../../..");

/** Renders the program under mocks in a fresh process, as Pulumi starts one, so that its memory is its own. */
export async function renderFresh(apps: number, limitSeconds: number): Promise<Rendered> {
  const args = ["--require", "ts-node/register/transpile-only", path.join(__dirname, "renderProgram.ts"), String(apps)];
  const { stdout } = await execa(process.execPath, args, { cwd: root, timeout: limitSeconds * 1000 });
  return JSON.parse(stdout) as Rendered;
}
