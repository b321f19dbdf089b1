import { Problem } from "../../../components/problem";
import { withRetry } from "../diagnosis";
import { type Answer, describeAnswer } from "./answer";

const shownLines = 15;
const accessLog = /"[A-Z]+ \S* HTTP\/[\d.]+" \d{3}\b/;
const wrongHost = /Invalid HTTP_HOST header|DisallowedHost/;

/**
 * Why a new version's page does not work.
 *
 * @param log last lines of its pod's log
 * @param host that the page was asked for
 */
export function pageProblem(answer: Answer, log: string, host: string, retry: string): Problem {
  const failed = `The new version answers ${describeAnswer(answer)} at /`;
  const output = errorIn(log);
  if (answer.status === 400 && (output.length === 0 || output.some((line) => wrongHost.test(line)))) {
    const said = output.filter((line) => wrongHost.test(line)).slice(-1);
    const step = `let ALLOWED_HOSTS in the project's settings have ${withoutPort(host)}, which the variable ALLOWED_HOSTS of its pod names`;
    return new Problem(failed, withRetry(step, retry), said);
  }
  const help =
    output.length > 0
      ? "mend the project in app/"
      : "mend the project in app/: its log has no traceback, so let LOGGING in its settings print errors";
  return new Problem(failed, withRetry(help, retry), output);
}

/** Why a page that should answer by now does not. */
export function silenceProblem(reason: string, log: string, retry: string): Problem {
  const output = log.trimEnd().split("\n").slice(-shownLines);
  return new Problem(
    `The new version does not answer at / (${reason})`,
    withRetry("mend the project in app/", retry),
    log.trim() === "" ? [] : output,
  );
}

/** The last traceback in a log, or what it says of a wrong host. */
export function errorIn(log: string): string[] {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !accessLog.test(line));
  const host = lines.findLast((line) => line.includes("Invalid HTTP_HOST header"));
  if (host !== undefined) {
    return [host];
  }
  const start = lines.findLastIndex((line) => line.startsWith("Traceback "));
  return start === -1 ? [] : lines.slice(start).slice(-shownLines);
}

const withoutPort = (host: string): string => host.replace(/:\d+$/, "");
