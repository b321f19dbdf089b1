/** An image on a Docker daemon. */
export interface DaemonImage {
  /** `<repository>:<tag>` */
  reference: string;
  /** Id of the image, which several references may share. */
  id: string;
  /** In Docker's words: "3 days ago". */
  age: string;
  /** In Docker's words: "183MB". */
  size: string;
}

/** Where images are in use. */
export interface ImageUses {
  /** By reference: workloads and stacks that refer to the image. */
  references: Map<string, string[]>;
  /** By image id: containers that were started from the image. */
  ids: Map<string, string[]>;
}

/** This project's images on a daemon. */
export interface ProjectImages {
  unused: DaemonImage[];
  used: { image: DaemonImage; by: string[] }[];
}

/** The tags that the program gives to images: hashes of their content, unlike `latest` or `1.0`. */
const contentTag = /^[0-9a-f]{12}$/;

/**
 * Finds this project's images among all that a daemon has, and tells which of them are in use.
 *
 * An image is the project's if it is in a repository of its stacks and its tag is the hash of its content.
 */
export function sortImages(images: DaemonImage[], repositories: Set<string>, uses: ImageUses): ProjectImages {
  const sorted: ProjectImages = { unused: [], used: [] };
  for (const image of images) {
    const { repository, tag } = split(image.reference);
    if (!repositories.has(repository) || !contentTag.test(tag)) {
      continue;
    }
    const by = [...(uses.references.get(image.reference) ?? []), ...(uses.ids.get(image.id) ?? [])];
    if (by.length === 0) {
      sorted.unused.push(image);
    } else {
      sorted.used.push({ image, by });
    }
  }
  return sorted;
}

function split(reference: string): { repository: string; tag: string } {
  const colon = reference.lastIndexOf(":");
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** A reference as Docker lists it: without the default registry and owner, and without a digest. */
export function familiar(reference: string): string {
  return reference
    .replace(/^(index\.)?docker\.io\//, "")
    .replace(/^library\//, "")
    .replace(/@sha256:.*$/, "");
}

/** Every reference in a text, such as a state, whose tag is the hash of its content. */
export function referencesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/"([^"\s]+:[0-9a-f]{12})"/g)].map(([, reference = ""]) => familiar(reference)))];
}

/**
 * Where images are in use.
 *
 * @param inCluster by reference, the workloads that refer to the image
 * @param states by stack; a state may refer to an image in several places
 * @param containers by image id, the containers that were started from the image
 */
export function usesOf(
  inCluster: ReadonlyMap<string, string[]>,
  states: ReadonlyMap<string, unknown>,
  containers: Map<string, string[]>,
): ImageUses {
  const references = new Map(inCluster);
  for (const [stack, state] of states) {
    for (const reference of referencesIn(JSON.stringify(state))) {
      references.set(reference, [...(references.get(reference) ?? []), `stack ${stack}`]);
    }
  }
  return { references, ids: containers };
}

/** The repositories of references. */
export function repositoriesOf(references: string[]): string[] {
  return references.map((reference) => split(reference).repository);
}
