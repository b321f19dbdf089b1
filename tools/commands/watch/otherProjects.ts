import path from "node:path";

import { differenceOf, isEmpty, type Snapshot } from "../../live/sources";
import type { StackConfig } from "../../stack/stackConfig";
import { type FollowedProject, followedProject } from "./followedProject";
import { pathIn } from "./pathIn";

/** What changed of the project of an app whose saves are deployed. */
export interface OtherChange {
  app: string;
  /** Files, as the checkout names them. */
  names: string[];
}

/** The project whose saves reach the pods. */
type Watched = Pick<FollowedProject, "folder" | "isLeftOut">;

/** The projects of a stack's apps beside the one that is watched: what is saved there is deployed. */
export class OtherProjects {
  /** What an update took in, by the names of the apps; none of a folder that cannot be read. */
  private readonly taken = new Map<string, Snapshot>();

  constructor(readonly projects: readonly FollowedProject[]) {}

  /** Those beside an app's. Left out is what the program refuses for its config, which is followed, too. */
  static beside(app: string, config: StackConfig): OtherProjects {
    const others = config.apps.filter((each) => each !== app);
    const read = (each: string): FollowedProject[] => {
      try {
        return [followedProject({ app: each, config: config.ofApp(each) })];
      } catch {
        return [];
      }
    };
    return new OtherProjects(others.flatMap(read));
  }

  /** Folders that are there. */
  get folders(): string[] {
    return this.projects.filter(({ app }) => this.taken.has(app)).map(({ folder }) => folder);
  }

  /** An update takes in what the files are now. */
  take(): void {
    this.taken.clear();
    for (const project of this.projects) {
      const now = lookAt(project);
      if (now !== undefined) {
        this.taken.set(project.app, now);
      }
    }
  }

  /**
   * The first project that is not what an update took in; undefined for none.
   *
   * @param saved files of which an event told; where none did, any may have changed
   * @param watched has what is in both, where it is within the other one or has the same folder
   */
  changed(saved: readonly string[], watched: Watched): OtherChange | undefined {
    const none: Snapshot = new Map();
    for (const project of this.projects) {
      const { app, folder } = project;
      if (saved.length > 0 && !saved.some((name) => pathIn(folder, name) !== undefined)) {
        continue;
      }
      const difference = differenceOf(this.taken.get(app) ?? none, lookAt(project) ?? none);
      if (!isEmpty(difference)) {
        const names = [...difference.changed, ...difference.removed].map((name) => path.posix.join(folder, name));
        const own = names.filter((name) => !isOf(watched, folder, name));
        if (own.length > 0) {
          return { app, names: own };
        }
      }
    }
    return undefined;
  }
}

/** The sources of a project; undefined for what cannot be read, of which the update says why. */
export function lookAt({ sources }: FollowedProject): Snapshot | undefined {
  try {
    return sources.look();
  } catch {
    return undefined;
  }
}

/** Whether a file of a folder is rather one of the watched project. */
function isOf({ folder: inner, isLeftOut }: Watched, folder: string, name: string): boolean {
  const within = pathIn(inner, name);
  return pathIn(folder, inner) !== undefined && within !== undefined && !isLeftOut(within);
}
