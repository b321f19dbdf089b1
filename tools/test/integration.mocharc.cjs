const { all, lanes } = require("./lanes.cjs");

const lane = process.env.TEST_LANE;

module.exports = {
  require: ["ts-node/register/transpile-only", "tools/test/integration/hooks.ts"],
  spec: lane === undefined ? all : lanes[lane],
  timeout: 300000,
};
