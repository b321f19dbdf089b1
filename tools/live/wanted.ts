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

  /** From now on pods may have an image of these sources, beside those of before. */
  deploy(deployed: Omit<Moment, "base">): void {
    this.moment = {
      ...deployed,
      base: [...new Set([...this.moment.base, ...pathsOf(deployed.snapshot, deployed.places)])],
    };
  }

  /** An image may have these sources, too: somebody saved while it was built. */
  add(snapshot: Snapshot): void {
    const { base, places } = this.moment;
    this.moment = { ...this.moment, base: [...new Set([...base, ...pathsOf(snapshot, places)])] };
  }
}
