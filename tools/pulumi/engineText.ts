/** Color and the like, as the engine writes it for a terminal. */
// eslint-disable-next-line no-control-regex -- the escape character is what is looked for
const escapes = /\u001b\[[\d;]*m/g;

/** The engine's own marks for colors, which it leaves in the texts of its events. */
const marks = /<\{%[^%]*%\}>/g;

/** A text of an event without the marks for colors. */
export const withoutMarks = (text: string): string => text.replace(marks, "");

/** What a builder says of a step of a Dockerfile, which may be as long as its line. */
const step = / #\d+ /;

const pieces = new RegExp(`(${escapes.source})|.`, "gsu");

/** Cuts a line with color to a number of columns. */
function cut(line: string, columns: number): string {
  let width = 0;
  const kept = line.replace(pieces, (char, escape?: string) => {
    width += escape === undefined ? 1 : 0;
    return escape !== undefined || width < columns ? char : width === columns ? "…" : "";
  });
  return width > columns ? kept : line;
}

/** Lines of an interrupted engine: who interrupted it has been told. */
const interruption = /^(\^C received; |SIGTERM received; |Note that terminating immediately may lead to )/;
/** A resource, and what is done to it. */
const status = /^ *[+~-]*\+?-? +(\S+:\S+ \S+) ((?:creating|updating|deleting|replacing)\b.*)$/;
/** What a builder says of a step that took no time, and nothing at all. */
const noNews = /(#\d+ (DONE|CACHED|transferring|sha256:|extracting)\b.*|\]; ?|ing)$/;
const locked = /^error: the stack is currently locked by /;
const lock = /^ {2}\S.*: created by /;

/**
 * Takes the Pulumi CLI's output as it comes, and passes on what a user needs.
 *
 * The outputs that a failed operation did not come to are no deletions, and who has a lock is said by whoever reads it.
 */
export class EngineText {
  /** Who has the stack, when that kept the operation from beginning; undefined when nobody has. */
  locks: string[] | undefined;
  private line = "";
  /** How much of the line has been passed on. */
  private passed = 0;
  /** The heading of the outputs, until one is passed on. */
  private heading: string | undefined;
  private isInOutputs = false;
  private hasHidden = false;

  /** What was shown last of each resource. */
  private readonly latest = new Map<string, string>();
  private isCancelled = false;

  /** @param columns of the terminal, to which steps of a build are cut. @default they are not */
  constructor(private readonly columns = Number.POSITIVE_INFINITY) {}

  /** Leaves out the rest: how an engine that was cancelled ends says nothing of why. */
  cancel(): void {
    this.isCancelled = true;
  }

  /** Returns what is to be shown of an addition. */
  take(text: string): string {
    let shown = "";
    const lines = (this.line + text).split("\n");
    this.line = lines.pop() ?? "";
    for (const line of lines) {
      shown += this.passed > 0 ? `${line.slice(this.passed)}\n` : this.whole(line);
      this.passed = 0;
    }
    if (this.isCancelled) {
      return shown;
    }
    // A line of dots grows while something is under way.
    if (/^@ |^\.+$/.test(this.line.replace(escapes, ""))) {
      shown += this.line.slice(this.passed);
      this.passed = this.line.length;
    }
    return shown;
  }

  /** Whether what was shown last is a line that goes on. */
  get isInLine(): boolean {
    return this.passed > 0;
  }

  /** Returns the rest. */
  end(): string {
    const rest = this.passed > 0 ? this.line.slice(this.passed) : this.line === "" ? "" : this.whole(this.line);
    [this.line, this.passed] = ["", 0];
    return rest;
  }

  private whole(line: string): string {
    const plain = line.replace(escapes, "");
    if (this.isHidden(plain)) {
      this.hasHidden = true;
      return "";
    }
    const hadHidden = this.hasHidden;
    this.hasHidden = false;
    // The empty line after what is hidden would stand alone.
    if (plain === "" && hadHidden && (this.heading !== undefined || !this.isInOutputs)) {
      [this.isInOutputs, this.heading] = [false, undefined];
      return "";
    }
    if (plain === "Outputs:") {
      [this.isInOutputs, this.heading] = [true, `${line}\n`];
      return "";
    }
    if (plain === "") {
      this.isInOutputs = false;
    }
    const heading = this.isInOutputs ? (this.heading ?? "") : "";
    this.heading = undefined;
    return `${heading}${status.test(plain) && step.test(plain) ? cut(line, this.columns) : line}\n`;
  }

  private isHidden(plain: string): boolean {
    if (this.isCancelled || this.isRepeated(plain)) {
      return true;
    }
    if (locked.test(plain)) {
      this.locks = [];
      return true;
    }
    if (this.locks !== undefined && lock.test(plain)) {
      this.locks.push(plain.trim());
      return true;
    }
    return interruption.test(plain) || (this.isInOutputs && /^ {2}- /.test(plain));
  }

  /** Whether a line says nothing of a resource that the one before did not; a builder has many such. */
  private isRepeated(plain: string): boolean {
    const [, resource, said = ""] = status.exec(plain) ?? [];
    if (resource === undefined) {
      return false;
    }
    const message = said.replace(/ \(\d[\dms.]*\)/, "").trim();
    const isNews = this.latest.get(resource) !== message && !noNews.test(message);
    this.latest.set(resource, message);
    return !isNews;
  }
}
