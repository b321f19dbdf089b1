import path from "node:path";

import { type Builder, builders } from "../../components/config/image";
import { Problem } from "../../components/problem";
import { isRunning, stopUnlessUsed, useCluster } from "../sandbox/cluster/cluster";
import { step } from "../terminal/progress";
import { getTools } from "../test/integration/helpers/cluster";
import type { Tools } from "../test/integration/helpers/workspace";
import { ByHand } from "./byHand";
import { currentLoad, describeMachine } from "./machine";
import { Loop } from "./loop";
import { npmRun, npmRunForWatch, Ours, plain } from "./ours";
import { benchClusters, type ClusterName, measureAsking, parseCluster } from "./minikube";
import { recordProfiles } from "./profile/profile";
import { compare, type Result, save, toText } from "./report";
import { compareSaves } from "./saves/saves";
import {
  type BenchName,
  benchNames,
  defaultNames,
  savesNames,
  scenarioNames,
  type ScenarioName,
} from "./scenarioNames";
import { measure } from "./scenarios";
import type { Side } from "./side";
import { Skaffold } from "./skaffold";

/** Options as typed on the command line. */
export interface BenchOptions {
  cluster?: string;
  builder?: string;
  rounds?: string;
  saves?: string;
  only?: string;
}

/** Measures the program against the same deployment by hand, on the embedded cluster, and prints where the time goes. */
export async function bench(options: BenchOptions): Promise<void> {
  const cluster = parseCluster(options.cluster);
  const rounds = parseCount("rounds", options.rounds ?? "5");
  const saves = parseCount("saves", options.saves ?? "10");
  const asked = parseNames(options.only);
  const tools = await getTools();
  const { kind } = benchClusters[cluster];
  // A cluster that was running belongs to the developer and keeps running.
  const wasRunning = await isRunning(kind);
  await useCluster(kind);
  try {
    const plan = { tools, cluster, builder: chooseBuilder(options.builder, tools), rounds, saves };
    const result = await measureAll(plan, asked);
    console.log(toText(result));
    // A saved result is complete, because docs/performance.md takes its figures from there.
    if (defaultNames.every((name) => asked.includes(name))) {
      console.error(
        `Saved in ${save(result)
          .map((file) => path.relative(process.cwd(), file))
          .join(" and ")}`,
      );
    }
  } finally {
    if (!wasRunning) {
      await stopUnlessUsed(kind);
    }
  }
}

/** Reads an option that is a number. Throws a `Problem` for anything else. */
export function parseCount(option: "rounds" | "saves", text: string): number {
  if (!/^[1-9][0-9]?$/.test(text)) {
    throw new Problem(
      `--${option} is "${text}": allowed is a whole number from 1 to 99`,
      `run \`npm run bench -- --${option} 5\``,
    );
  }
  return Number(text);
}

export function parseNames(text: string = defaultNames.join()): BenchName[] {
  const asked = text.split(",");
  const unknown = asked.find((name) => !benchNames.some((each) => each === name));
  if (unknown !== undefined) {
    throw new Problem(
      `--only names "${unknown}": allowed are ${benchNames.join(", ")}`,
      "run `npm run bench -- --only noop,edit`",
    );
  }
  return benchNames.filter((name) => asked.includes(name));
}

/** The builder asked for; by default docker, or docker-build where docker's plugin is not installed. */
export function chooseBuilder(asked: string | undefined, { pulumi: { plugins } }: Pick<Tools, "pulumi">): Builder {
  const wanted = asked ?? (plugins.docker === "installed" ? "docker" : "docker-build");
  const builder = builders.find((each) => each === wanted);
  if (builder === undefined) {
    throw new Problem(
      `--builder is "${wanted}": allowed are ${builders.join(", ")}`,
      `run \`npm run bench -- --builder ${builders[0]}\``,
    );
  }
  const state = plugins[builder];
  if (state !== "installed") {
    throw new Problem(state.unavailable);
  }
  return builder;
}

/** Where and how often is measured. */
interface Plan {
  tools: Tools;
  cluster: ClusterName;
  builder: Builder;
  rounds: number;
  saves: number;
}

async function measureAll(plan: Plan, asked: BenchName[]): Promise<Result> {
  const scenarios = scenarioNames.filter((name) => asked.includes(name));
  const projects = savesNames.filter((name) => asked.includes(name));
  const compared = scenarios.length > 0 ? await compareSides(plan, scenarios) : undefined;
  if (projects.length === 0 && compared !== undefined) {
    return compared;
  }
  const { tools, cluster, builder, rounds, saves: count } = plan;
  const watched = await compareSaves(projects, { tools, builder, cluster: benchClusters[cluster], saves: count });
  const { machine, saves: figures } = watched;
  const empty = { date: today(), cluster, builder, rounds, machine, scenarios: {}, profiles: [] };
  return { ...(compared ?? empty), saves: { count, figures } };
}

const today = (): string => new Date().toISOString().slice(0, 10);

async function compareSides({ tools, cluster, builder, rounds }: Plan, asked: ScenarioName[]): Promise<Result> {
  console.error(
    `Cluster ${cluster}, builder ${builder}, ${rounds} rounds after a first one that is not counted: ${asked.join(", ")}`,
  );
  const ours = await Ours.create(plain, tools, builder, benchClusters[cluster]);
  const npm = await Ours.create(npmRun, tools, builder, benchClusters[cluster]);
  const watched = await Ours.create(npmRunForWatch, tools, builder, benchClusters[cluster]);
  const watch = new Loop(watched, watched.watch);
  const others: Side[] = [];
  try {
    const machine = await describeMachine(ours.commands);
    const byHand = await step("Preparing each side from the objects that the program creates", async () => {
      await ours.first();
      const { folder: source, environment } = ours.commands;
      const { urlHost } = benchClusters[cluster];
      const start = { source, environment, urlHost, live: await ours.liveObjects() };
      const side = new ByHand(start);
      if ("skaffold" in machine.versions) {
        others.push(new Skaffold(start), new Loop(new Skaffold(start, "bench-skaffold-dev"), Skaffold.dev));
      }
      others.push(side);
      for (const each of [ours, ...others]) {
        await each.destroyed();
      }
      return side;
    });
    const figures = await step(
      "Measuring",
      async (progress) => await measure([watch, npm, ours, ...others], asked, rounds, progress),
    );
    machine.loadAfter = currentLoad();
    const asking = cluster === "isolated" ? await measureAsking(ours.commands.environment, rounds) : undefined;
    const profiles = await step("Profiling", async () => {
      await ours.first();
      await byHand.first();
      return await recordProfiles(ours, byHand);
    });
    const scenarios = Object.fromEntries(Object.entries(figures).map(([name, each]) => [name, compare(each)]));
    return { date: today(), cluster, builder, rounds, ...(asking && { asking }), machine, scenarios, profiles };
  } finally {
    await step("Removing everything", async () => {
      for (const each of [...others, watch, npm, ours]) {
        await each.dispose();
      }
    });
  }
}
