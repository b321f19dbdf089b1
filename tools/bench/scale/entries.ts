/** Which image the apps run, as the number in its tag. */
export interface Images {
  image: number;
  /** Another one for the first app only. */
  firstImage?: number;
}

/** What the program's config says for a number of apps. */
export function appEntries(
  count: number,
  { image, firstImage }: Images,
): { image: string; apps: (string | { name: string; image: string })[] } {
  const names = Array.from({ length: count }, (_, index) => `app-${String(index + 1).padStart(4, "0")}`);
  const apps = names.map((name, index) =>
    index === 0 && firstImage !== undefined ? { name, image: reference(firstImage) } : name,
  );
  return { image: reference(image), apps };
}

// As long as a real one: twelve digits of a content hash.
const reference = (version: number): string => `registry.example/django:${String(version).padStart(12, "0")}`;
