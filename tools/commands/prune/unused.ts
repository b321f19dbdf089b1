/** An image on a Docker daemon. */
export interface DaemonImage {
  /** `<repository>:<tag>` */
  reference: string;
  /** The image's id, which several references may share. */
  id: string;
  /** As Docker says it: "3 days ago". */
  age: string;
  /** As Docker says it: "183MB". */
  size: string;
}

/** What is used, and by whom. */
export interface Users {
  /** Reference to what names it. */
  references: Map<string, string[]>;
  /** Image id to the containers that were started from it. */
  ids: Map<string, string[]>;
}

export interface Sorted {
  unused: DaemonImage[];
  used: { image: DaemonImage; by: string[] }[];
}

/** Tags that `npm run up` makes: the hash of a content. One that somebody chose, such as `latest` or `1.0`, is none. */
const contentTag = /^[0-9a-f]{12}$/;

/**
 * Sorts this project's images out of all that a daemon has: those of its stacks' repositories with a content's hash for
 * a tag, except those that somebody uses. Any other image is somebody else's.
 */
export function sortImages(images: DaemonImage[], repositories: Set<string>, users: Users): Sorted {
  const sorted: Sorted = { unused: [], used: [] };
  for (const image of images) {
    const { repository, tag } = split(image.reference);
    if (!repositories.has(repository) || !contentTag.test(tag)) {
      continue;
    }
    const by = [...(users.references.get(image.reference) ?? []), ...(users.ids.get(image.id) ?? [])];
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

/** A reference as Docker lists it: without the registry and the owner that go without saying, and without a digest. */
export function familiar(reference: string): string {
  return reference
    .replace(/^(index\.)?docker\.io\//, "")
    .replace(/^library\//, "")
    .replace(/@sha256:.*$/, "");
}

/** Every reference with a content's hash for a tag that is named anywhere in a text; a state names them in several places. */
export function referencesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/"([^"\s]+:[0-9a-f]{12})"/g)].map(([, reference = ""]) => familiar(reference)))];
}

/** The repositories of references. */
export function repositoriesOf(references: string[]): string[] {
  return references.map((reference) => split(reference).repository);
}
