// The rule between the two halves, and no circles; part of `npm run lint`.
const program = "^(index\\.ts|components/|policy/|test/)";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "the program knows no tool",
      comment: "A checkout without tools/ still deploys: imports run from tools to program only.",
      severity: "error",
      from: { path: program },
      to: { path: "^tools/" },
    },
    {
      name: "the program needs no package of the tools",
      comment: "`npm ci --omit=dev` installs what the program needs: its packages are `dependencies`.",
      severity: "error",
      from: { path: "^(index\\.ts|components/|policy/)" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no circles",
      comment: "Files that import one another are one file; move what both need to a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // The policy pack's packages are the program's.
    combinedDependencies: true,
    // An import of a type alone is one too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
