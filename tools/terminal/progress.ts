/** What a running step says about itself. */
export interface Progress {
  /** Shows the latest news in a few words; the finished step's line keeps the last. */
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

/** Progress goes to standard error: standard output carries what the command is asked for, and nothing else. */
function standardError(): Screen {
  const { isTTY, columns } = process.stderr;
  return { isTTY, columns: isTTY ? columns : 80, write: (text) => void process.stderr.write(text) };
}

/** How often a running step is shown, in milliseconds: often where its line is rewritten, seldom in a log. */
const interval = { rewritten: 1_000, logged: 8_000 };
const clearLine = "\r\u001b[K";

// A step may run inside another; only the innermost owns the terminal's current line.
const running: Step[] = [];

/** Whether a step runs, which shows by itself that the work goes on. */
export const isStepRunning = (): boolean => running.length > 0;

/**
 * Shows some work as one line with the time it took, and shows every few seconds that the work goes on.
 *
 * @param screen where the line is shown. @default standard error
 * @throws what `work` throws, after the line is marked as failed
 */
export async function step<T>(
  title: string,
  work: (progress: Progress) => Promise<T>,
  screen: Screen = standardError(),
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
