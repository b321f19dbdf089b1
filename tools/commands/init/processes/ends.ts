import { baseName, commandLineOf, commandsIn, migrates, serverOf } from "./commandWords";
import { workersIn } from "./workers";

/** Commands of manage.py that end by themselves, by how they begin. */
const ending =
  /^(migrate|collectstatic|create|load|dump|import|seed|populate|init|setup|ensure|make|compile|clear|flush|check|test|wait|changepassword|shell|dbshell|ingest|rebuild|reindex|update_index|search_index)/;
/** What prepares or looks, beside commands of manage.py. */
const preparing =
  /^(sleep|echo|cd|export|set|nc|until|while|do|done|true|pg_isready|wait-for-it(\.sh)?|pip|cp|mkdir|chown|chmod)$/;
/** What developers run. */
const tools =
  /^(pytest|tox|nox|npm|npx|yarn|pnpm|node|bun|mkdocs|sphinx-build|sphinx-autobuild|jupyter|ipython|ruff|black|mypy|flake8|coverage|tail|livereload|tailwind|sass)$/;
const toolNames =
  /(^|[_-])(tests?|pytest|ci|lint|format|docs?|shell|jupyter|notebook|debug|node|css|scss|sass|js|assets|watch|frontend|tailwind|webpack|vite)([_-]|$)/;

/** Whether a command line does no more than to prepare: it creates tables or data, and serves and works on nothing. */
export function onlyMigrates(line: string): boolean {
  return migrates(line) && endsByItself(line);
}

/** Whether a command line starts something beside its workers, which may be a server in a script. */
export const startsMoreThanWorkers = (line: string): boolean =>
  commandsIn(line).some((words) => workersIn(commandLineOf(words)).length === 0 && !preparing.test(words[0] ?? ""));

/** Whether a command line does something once. */
export function endsByItself(line: string): boolean {
  if (serverOf(line) !== undefined || workersIn(line).length > 0) {
    return false;
  }
  const all = commandsIn(line);
  return all.some(isOnce) && all.every((words) => isOnce(words) || preparing.test(words[0] ?? ""));
}

/** Whether a command line prepares or tells something, and runs nothing of the project. */
export const doesNothing = (line: string): boolean =>
  commandsIn(line).every((words) => preparing.test(baseName(words[0] ?? "")));

/** What a container runs that somebody enters to work in it. */
const idle = /^(\S*\/)?((ba|da|z)?sh( -[il]+)*|i?python3?|sleep (infinity|\d+)|tail -[fF] \/dev\/null|sshd( -\S+)*)$/;
export const isIdle = (line: string): boolean => idle.test(line);

/**
 * Whether a script does something once: its last command does, and it neither serves nor works on tasks.
 *
 * @param lines those of the script
 */
export function scriptEndsByItself(lines: readonly string[]): boolean {
  const isOther = (line: string): boolean => serverOf(line) !== undefined || workersIn(line).length > 0;
  const last = lines.filter((line) => !/^\s*(fi|done|esac|else|\}|exit\b.*)\s*$/.test(line)).at(-1);
  return last !== undefined && endsByItself(last) && !lines.some(isOther);
}

/** Whether a process is called as what prepares a version before it is served. */
export const isNamedAsPreparing = (name: string): boolean =>
  /^((app|web|db|django)[_-])?(migrate|migrations?|migrator|init|setup|seed)$/.test(name);

function isOnce(words: readonly string[]): boolean {
  const at = words.map(baseName).findIndex((word) => /^(manage\.py|django-admin)$/.test(word));
  return at !== -1 && ending.test(words[at + 1] ?? "");
}

/** What stages of a Dockerfile are called that developers have. */
export const stageOfDevelopers =
  /^(dev|develop|development|debug|local|tests?|testing|ci|lint)$|[-_](dev|development|tests?)$/;

/** What starts something as developers do, on their machines. */
const starters = /^(make|just|task|npm|npx|yarn|pnpm|bun|docker|docker-compose|honcho|foreman|overmind)$/;

/** What is theirs by its name: `start-dev.sh`, `config.settings.local`. */
const ofDevelopers = /^(.*[-_.])?(dev|develop|development|local)([-_.].*)?$/;
export const isNamedForDevelopers = (name: string): boolean => ofDevelopers.test(name);

/** Whether a command line runs such a script: `/start-dev.sh`, `bash scripts/local_run.sh`. */
export function startsScriptOfDevelopers(line: string): boolean {
  const [script = ""] = (commandsIn(line)[0] ?? []).filter((word) => !/^(\S*\/)?(ba|da|z)?sh$/.test(word));
  return (script.includes("/") || script.endsWith(".sh")) && ofDevelopers.test(baseName(script));
}

/** Whether a command line is a developer's way to start, which an image may not have. */
export const startsForDevelopers = (line: string): boolean =>
  starters.test(baseName(commandsIn(line)[0]?.[0] ?? "")) || startsScriptOfDevelopers(line);

/** Whether a process is for a developer's machine: tests, documentation, what builds the browser's files. */
export function isForDevelopers(name: string, line: string | undefined): boolean {
  const programs = commandsIn(line ?? "").map((words) => baseName(words[0] ?? ""));
  const isTool =
    programs.some((program) => tools.test(program)) ||
    commandsIn(line ?? "")
      .flat()
      .includes("tailwind");
  const isShell =
    programs.length > 0 && programs.every((program) => /^(ba|z)?sh$/.test(program)) && !(line ?? "").includes(".");
  return toolNames.test(name) || isTool || isShell;
}
