import type { ImagePlaces } from "../../components/image/places/imagePlaces";
import { pathsOf } from "./podPaths";
import type { Snapshot } from "./sources";

/** What the pods are to have at a moment. */
export interface Moment {
  /** Folder of the project. */
  folder: string;
  places: Pick<ImagePlaces, "placesOf">;
  /** Absolute paths that images which may still run have from the project. */
  base: string[];
  snapshot: Snapshot;
}

/** What the pods are to have, and what their image has. */
export class Wanted {
  constructor(private moment: Moment) {}

  get now(): Moment {
    return this.moment;
  }

  /** From now on pods are to have other sources. */
  change(snapshot: Snapshot): void {
    this.moment = { ...this.moment, snapshot };
  }

  /**
   * From now on pods have another image.
   *
   * @param before and after: sources just before and after it was built, between which somebody may have saved
   */
  deploy(deployed: Omit<Moment, "base">, before: Snapshot): void {
    const { places, snapshot } = deployed;
    this.moment = { ...deployed, base: [...new Set([...pathsOf(before, places), ...pathsOf(snapshot, places)])] };
  }
}
