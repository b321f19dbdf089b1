/** What a running step says about itself. */
export interface Progress {
  /** The latest news in a few words; the last one said is what the finished step's line carries. */
  detail(text: string): void;
}

/** Where steps are shown. */
export interface Screen {
  /** Whether the current line can be rewritten. */
  readonly isTTY: boolean;
  /** Width in characters. */
  readonly columns: number;
  write(text: string): void;
}

interface Step {
  readonly title: string;
  readonly started: number;
  latest: string;
}

function standardOutput(): Screen {
  const { isTTY, columns } = process.stdout;
  return { isTTY, columns: isTTY ? columns : 80, write: (text) => void process.stdout.write(text) };
}

/** How often a running step shows itself, in milliseconds: often where the line is rewritten, seldom in a log. */
const interval = { rewritten: 1_000, logged: 8_000 };
const clearLine = "\r\u001b[K";

// A step may run inside another; only the innermost owns the terminal's current line.
const running: Step[] = [];

/**
 * Shows a piece of work as one line with the time it took, and shows that it is alive while it runs.
 *
 * @param screen where to; @default the process's standard output
 * @throws what `work` throws, after the line has been marked as failed
 */
export async function step<T>(
  title: string,
  work: (progress: Progress) => Promise<T>,
  screen: Screen = standardOutput(),
): Promise<T> {
  const current: Step = { title, started: Date.now(), latest: "" };
  const show = (): void => {
    if (running.at(-1) === current) screen.write(aliveLine(current, screen));
  };
  const finish = (mark: string, text: string): void => {
    screen.write(`${screen.isTTY ? clearLine : ""}  ${mark} ${text}   ${seconds(current).toFixed(1)} s\n`);
  };
  running.push(current);
  const timer = setInterval(show, screen.isTTY ? interval.rewritten : interval.logged);
  if (screen.isTTY) show();
  try {
    const result = await work({
      detail: (text) => {
        current.latest = text;
      },
    });
    finish("✓", withDetail(current));
    return result;
  } catch (error) {
    finish("✗", title);
    throw error;
  } finally {
    clearInterval(timer);
    running.splice(running.indexOf(current), 1);
  }
}

function aliveLine(current: Step, screen: Screen): string {
  const time = ` (${Math.round(seconds(current))} s)`;
  const text = `  … ${withDetail(current)}`;
  if (!screen.isTTY) return `${text}${time}\n`;
  return `${clearLine}${text.slice(0, Math.max(0, screen.columns - time.length - 1))}${time}`;
}

function withDetail(current: Step): string {
  return current.latest === "" ? current.title : `${current.title}: ${current.latest}`;
}

function seconds(current: Step): number {
  return (Date.now() - current.started) / 1_000;
}
