/** Something that was found, and the file that says it, relative to the project, with a line where there is one. */
export interface Found<T> {
  value: T;
  /** Such as `shop/settings.py:12`. */
  where: string;
}
