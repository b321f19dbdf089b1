import path from "node:path";

/** Folder of a pod with the agent, which nothing writes to, and one for what it keeps. */
export const agentFolder = "/run/live-reload";
export const stateFolder = "/run/live-reload-state";
export const agentFile = `${agentFolder}/agent.py`;

/** What the agent has to know of a process. */
export interface AgentOptions {
  /** Port that it listens on; undefined for none. */
  port: number | undefined;
  /** Seconds that it may take to end. */
  graceSeconds: number;
}

/** A command that is run by the agent, which starts it again where its sources have changed. */
export function underAgent(command: readonly string[], { port, graceSeconds }: AgentOptions): string[] {
  const served = port === undefined ? [] : ["--port", String(port)];
  return [pythonOf(command), agentFile, "run", ...served, "--grace", String(graceSeconds), "--", ...command];
}

/** Whether a command is run by the agent. */
export const runsUnderAgent = (words: readonly string[]): boolean => words.includes(agentFile);

/** The command of a container without the agent. */
export function withoutAgent(words: readonly string[]): string[] {
  const at = words.indexOf(agentFile);
  return at < 1 ? [...words] : [...words.slice(0, at - 1), ...words.slice(words.indexOf("--", at) + 1)];
}

/** Every installation has it; some, such as Debian's, have no `python`. */
const python = "python3";

/** The Python that a command is of: its own, or the one beside a program of a virtual environment. */
function pythonOf([program = ""]: readonly string[]): string {
  const [folder, name] = [path.posix.dirname(program), path.posix.basename(program)];
  if (/^python[\d.]*$/.test(name)) {
    return program;
  }
  return path.posix.isAbsolute(program) && /env[^/]*\/bin$/.test(folder) ? path.posix.join(folder, python) : python;
}
