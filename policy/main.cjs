// Pulumi's ts-node type-checks a policy pack at every `pulumi up`, for seconds. This one transpiles, as the program's.
const { register, REGISTER_INSTANCE } = require("ts-node");

process[REGISTER_INSTANCE]?.enabled(false);
register();
require("./index.ts");
