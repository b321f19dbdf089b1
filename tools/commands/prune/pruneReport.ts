import { Problem } from "../../../components/problem";
import { alignedTable } from "../../terminal/table";
import type { DaemonImage, ProjectImages } from "./unused";

/** "1 image", "2 images" */
export function count(images: number): string {
  return images === 1 ? "1 image" : `${images} images`;
}

/** The images that are kept and why, then the others. */
export function imageTable({ used, unused }: ProjectImages, note: "would be removed" | "removed"): string {
  return alignedTable([
    ...used.map(({ image, by }) => [...cells(image), `used by ${shortened(by)}`]),
    ...unused.map((image) => [...cells(image), note]),
  ]);
}

/**
 * The error for images that could not be removed.
 *
 * @param reasons Docker's, one for each image
 */
export function keptProblem(reasons: readonly string[]): Problem {
  return new Problem(`${count(reasons.length)} could not be removed`, undefined, reasons);
}

const cells = ({ reference, size, age }: DaemonImage): string[] => [reference, size, age];

function shortened(by: string[]): string {
  const [first = "", ...others] = by;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
