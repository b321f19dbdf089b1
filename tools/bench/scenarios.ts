import { setTimeout as sleep } from "node:timers/promises";

import type { Progress } from "../terminal/progress";
import { untilServed } from "./page";
import { type ScenarioName, scenarioNames } from "./scenarioNames";
import { editHeading, type Side } from "./side";

/** Seconds and MiB of one scenario on one side. */
export interface Figures {
  /** Title of the side. */
  title: string;
  /** One for each counted round. */
  seconds: number[];
  /** Peak memory of one command and its descendants together, in the round that is not counted. */
  peakMib: number;
}

/**
 * Runs the scenario and returns the seconds it took.
 *
 * @param wait seconds before an edit. They differ in each round, since the kubelet syncs pods once a second
 */
async function run(scenario: ScenarioName, side: Side, wait: number): Promise<number> {
  if (scenario === "edit") {
    const url = await side.url();
    await sleep(wait * 1000);
    const heading = editHeading(side.commands.folder);
    return await seconds(async () => {
      await side.edited();
      await untilServed(url, heading);
    });
  }
  const steps = { first: "first", noop: "unchanged", destroy: "destroyed" } as const;
  const step = steps[scenario];
  return await seconds(async () => {
    await side[step]();
  });
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The scenarios of a round: those asked for, and those that they need. */
export function scenariosOfRound(asked: readonly ScenarioName[], isDeployed: boolean): ScenarioName[] {
  const startsEmpty = asked.includes("first") || asked.includes("destroy");
  return scenarioNames.filter(
    (name) => asked.includes(name) || (name === "first" && !isDeployed) || (name === "destroy" && startsEmpty),
  );
}

/**
 * Measures the sides in turns, A B A B, so that a slow moment of the machine affects all of them.
 *
 * The first round is not counted: memory is measured in it instead of time.
 */
export async function measure(
  sides: readonly Side[],
  asked: readonly ScenarioName[],
  rounds: number,
  progress: Progress,
): Promise<Record<string, Figures[]>> {
  const takingPart = (name: ScenarioName): Side[] => sides.filter(({ scenarios }) => scenarios?.includes(name) ?? true);
  const empty = ({ title }: Side): Figures => ({ title, seconds: [], peakMib: 0 });
  const figures = Object.fromEntries(asked.map((name) => [name, takingPart(name).map(empty)]));
  let isDeployed = false;
  for (let round = 0; round <= rounds; round++) {
    for (const scenario of scenariosOfRound(asked, isDeployed)) {
      for (const [index, side] of takingPart(scenario).entries()) {
        const { commands } = side;
        commands.watchMemory = round === 0;
        commands.peakMib = 0;
        progress.detail(`round ${round} of ${rounds}, ${scenario}, ${side.title}`);
        const time = await run(scenario, side, round / rounds);
        commands.watchMemory = false;
        if (scenario === "edit") {
          await side.settle();
        }
        const counted = figures[scenario]?.[index];
        if (round === 0 && counted) {
          counted.peakMib = commands.peakMib;
        } else {
          counted?.seconds.push(time);
        }
        // Pods that still terminate would slow the next side.
        await commands.untilNothingEnds();
      }
      isDeployed = scenario !== "destroy";
    }
  }
  return figures;
}
