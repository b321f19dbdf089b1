const path = require("node:path");

const { all, lanes } = require("./lanes.cjs");

const { TEST_LANE: lane, TEST_FILES: files } = process.env;

module.exports = {
  require: ["ts-node/register/transpile-only", "tools/test/unhandledRejections.ts", "tools/test/integration/hooks.ts"],
  spec: files?.split(path.delimiter) ?? (lane === undefined ? all : lanes[lane]),
  // The waits of one test may come to several minutes on a machine that does much else.
  timeout: 600000,
  // Two files of a lane whose files share nothing but the sandbox: most of the time they wait for pods.
  parallel: lane === "sandbox",
  jobs: 2,
};
