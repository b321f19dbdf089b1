import path from "node:path";

/** The checkout: tests of the files in it hold wherever they are run from. */
export const checkout = path.resolve(__dirname, "..", "..", "..");
