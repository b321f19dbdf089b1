import { baseName, commandLineOf, commandsIn } from "./commandWords";
import { runnerOf } from "./runner";

/**
 * A command line without what restarts it when a developer saves a file, without what a buildpack puts in front of it,
 * and without what waits for a host of compose: a process here is started again until the server that it needs answers.
 */
export function bareCommand(line: string): string {
  const start = runnerOf(line);
  if (start !== undefined && line.startsWith(start)) {
    return `${start} ${bareCommand(line.slice(start.length).trim())}`;
  }
  const [words = [], ...others] = commandsIn(line);
  const bare = others.length === 0 ? withoutWrapper(words) : words;
  // A line that is left as it is keeps what only a shell understands.
  return bare.length === words.length ? line : bareCommand(commandLineOf(bare));
}

/** Behind the nginx of a buildpack, gunicorn listens on a socket. */
function withAddress(words: readonly string[]): readonly string[] | undefined {
  if (!words.some((word) => baseName(word) === "gunicorn")) {
    return undefined;
  }
  const others = words.filter(
    (word, at) => !/^(-b|--bind)(=|$)/.test(word) && !/^(-b|--bind)$/.test(words[at - 1] ?? ""),
  );
  return [...others, "--bind", "0.0.0.0:8000"];
}

function withoutWrapper(words: readonly string[]): readonly string[] {
  const name = baseName(words[0] ?? "").replace(/\.(sh|py)$/, "");
  const rest = words.slice(1);
  switch (name) {
    case "watchmedo": {
      const at = rest.indexOf("--");
      const command = at === -1 ? rest.slice(1).filter((word) => !word.startsWith("-")) : rest.slice(at + 1);
      return rest[0] === "auto-restart" && command.length > 0 ? command : words;
    }
    case "watchfiles": {
      const at = rest.findIndex(
        (word, index) => !word.startsWith("-") && !/^--(filter|args)$/.test(rest[index - 1] ?? ""),
      );
      // Of a function of Python nothing can be said.
      const [command] = /\s/.test(rest[at] ?? "") ? commandsIn(rest[at] ?? "") : [];
      return command ?? words;
    }
    case "wait-for-it":
    case "wait-for":
    case "wait_for_it": {
      const at = rest.indexOf("--");
      return at === -1 || at === rest.length - 1 ? words : rest.slice(at + 1);
    }
    case "start-pgbouncer":
    case "start-pgbouncer-stunnel":
    case "start-stunnel":
      return rest.length > 0 ? rest : words;
    case "start-nginx":
    case "start-nginx-solo":
      return withAddress(rest.filter((word) => word !== "-f")) ?? words;
    case "dockerize": {
      const options = /^-(wait|timeout|wait-retry-interval|wait-http-header|template|stdout|stderr)$/;
      const at = rest.findIndex((word, index) => !word.startsWith("-") && !options.test(rest[index - 1] ?? ""));
      return at === -1 ? words : rest.slice(at);
    }
    default:
      return words;
  }
}
