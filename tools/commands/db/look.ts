import { Problem } from "../../../components/problem";
import { lastLines } from "../../terminal/captured";
import type { Database } from "./database";
import { majorOf } from "./dumpHeader";
import { databaseScript } from "./scripts";

/** What a database has. */
export interface Look {
  /** Such as "Postgres 17.6". */
  inWords: string;
  /** Major version of the server, and of the client in the pod; undefined for SQLite. */
  majors: { server: number; client: number } | undefined;
  /** Size in bytes. */
  bytes: number;
  /** Tables that have rows of the project. */
  filled: string[];
}

/** Looks at a database. Throws a `Problem` when it does not answer. */
export async function lookAt({ stack, kind, pod }: Database, interruption: AbortSignal): Promise<Look> {
  const { exitCode, stdout, stderr } = await pod.ask(databaseScript(kind, "look"), undefined, interruption);
  interruption.throwIfAborted();
  if (exitCode !== 0) {
    const said = lastLines(stderr.toString(), 10);
    throw new Problem(`The database of stack ${stack} does not answer in pod ${pod.name}`, undefined, said);
  }
  return readLook(kind, stdout.toString());
}

/** Reads what the scripts in pod/ print. */
export function readLook(kind: Database["kind"], printed: string): Look {
  const lines = printed.split("\n").filter((line) => line !== "");
  const version = lines[0] ?? "";
  const [number = ""] = version.split(" ");
  if (kind === "sqlite") {
    return { inWords: `SQLite ${number}`, majors: undefined, bytes: Number(lines[1]), filled: lines.slice(2) };
  }
  return {
    inWords: `Postgres ${number}`,
    majors: { server: majorOf(version), client: majorOf(lines[1] ?? "") },
    bytes: Number(lines[2]),
    filled: lines.slice(3),
  };
}
