import { peakMib, printedMib, stateMib } from "./figures";
import type { Panel, Series } from "./picture";
import type { ScaleResult, SizeResult, StepName } from "./result";

/** What docs/scale.md shows of a result: the times, and the sizes. */
export function curves({ sizes }: Pick<ScaleResult, "sizes">): Panel[] {
  const series = (title: string, value: (result: SizeResult) => number | undefined): Series => ({
    title,
    points: sizes.flatMap((result) => {
      const y = value(result);
      return y === undefined ? [] : [{ x: result.apps, y }];
    }),
  });
  const time = (title: string, name: StepName): Series => ({
    title,
    points: sizes.flatMap(({ apps, steps: { [name]: step } }) =>
      step === undefined ? [] : [{ x: apps, y: step.seconds, ...(step.finished ? {} : { isBound: true }) }],
    ),
  });
  const panels: Panel[] = [
    {
      title: "Seconds",
      series: [
        time("first up", "up"),
        time("preview, all changed", "previewAll"),
        time("preview of all as new", "previewNew"),
        time("up, one app changed", "upOne"),
        time("up, no change", "noop"),
        series("program alone", ({ program }) => program.seconds),
      ],
    },
    {
      title: "MiB",
      series: [
        series("written by the first up", ({ steps: { up } }) => (up?.finished === true ? up.writtenMib : undefined)),
        series("memory of the CLI and its plugins", peakMib),
        series("memory of the program alone", ({ program }) => program.peakMib),
        series("preview --json, all as new", (result) => printedMib(result, "previewNewJson")),
        series("state", stateMib),
      ],
    },
  ];
  return panels.map(({ title, series }) => ({ title, series: series.filter(({ points }) => points.length > 0) }));
}
