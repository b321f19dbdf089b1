import { Problem } from "../../../components/problem";
import { mend, withRetry } from "../diagnosis";
import type { Need } from "../needs/need";
import { type Answer, describeAnswer } from "./answer";

const shownLines = 15;
const accessLog = /"[A-Z]+ \S* HTTP\/[\d.]+" \d{3}\b/;
const wrongHost = /Invalid HTTP_HOST header|DisallowedHost/;

/** What the words about a page are made of. */
export interface PageWords {
  /** The project's folder, as advice names it. */
  folder: string;
  /** How the update is run again, as the end of a clause; "" where a save does that. */
  retry: string;
}

/**
 * Why a new version's page does not work.
 *
 * @param log last lines of its pod's log
 * @param host that the page was asked for
 * @param need what the traceback says that the process needs; undefined for nothing
 */
export function pageProblem(
  answer: Answer,
  log: string,
  host: string,
  { folder, retry }: PageWords,
  need?: Need,
): Problem {
  const failed = `The new version answers ${describeAnswer(answer)} at /`;
  const output = errorIn(log);
  if (answer.status === 400 && (output.length === 0 || output.some((line) => wrongHost.test(line)))) {
    const said = output.filter((line) => wrongHost.test(line)).slice(-1);
    const step = `let ALLOWED_HOSTS in the project's settings have ${withoutPort(host)}, which the variables ALLOWED_HOSTS and DJANGO_ALLOWED_HOSTS of its pod name, give it to another one with \`pulumi config set --path env.NAME '$(ALLOWED_HOSTS)'\`, or ask by a host that they allow, such as with \`pulumi config set urlHost 127.0.0.1\``;
    return new Problem(failed, withRetry(step, retry), said);
  }
  if (need !== undefined) {
    return new Problem(`${failed}: ${need.detail}`, withRetry(need.nextStep, retry), output);
  }
  const help =
    output.length > 0
      ? mend(folder)
      : `${mend(folder)}: its log has no traceback, so let LOGGING in its settings print errors`;
  return new Problem(failed, withRetry(help, retry), output);
}

/** Why a page that should answer by now does not. */
export function silenceProblem(reason: string, log: string, { folder, retry }: PageWords): Problem {
  const output = log.trimEnd().split("\n").slice(-shownLines);
  return new Problem(
    `The new version does not answer at / (${reason})`,
    withRetry(mend(folder), retry),
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
