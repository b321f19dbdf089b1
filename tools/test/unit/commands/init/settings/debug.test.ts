import * as assert from "node:assert/strict";

import { inspected } from "./project";

const cases: readonly (readonly [settings: string, variable: string, values: string])[] = [
  ["import os\nDEBUG = int(os.environ.get('DEBUG', 0))", "DEBUG", "1,0"],
  ["import os\nDEBUG = bool(int(os.getenv('DEBUG', '1')))", "DEBUG", "1,0"],
  ["import os\nDEBUG = os.environ.get('DEBUG') == 'True'", "DEBUG", "True,False"],
  ["import os\nDEBUG = os.environ.get('DEBUG', '') != 'False'", "DEBUG", "True,False"],
  ["import os\nDEBUG = bool(os.environ.get('DEBUG', default=0))", "DEBUG", "1,"],
  ["import os\nDEBUG = os.environ.get('DJANGO_DEBUG', '0').lower() in ('1', 'true')", "DJANGO_DEBUG", "True,False"],
  ["import os\nDEBUG = os.environ.get('DEBUG') in ['1', 'true']", "DEBUG", "1,0"],
  ["import os\nDEBUG = os.environ.get('DEBUG') == 'on'", "DEBUG", "on,off"],
  ["import os\nDEBUG = os.environ.get('DEBUG') == 'enabled'", "DEBUG", "enabled,False"],
  [
    "from os import getenv\nfrom distutils.util import strtobool\nDEBUG = strtobool(getenv('DEBUG', 'no'))",
    "DEBUG",
    "True,False",
  ],
  ["import environ\nenv = environ.Env(DEBUG=(bool, False))\nDEBUG = env('DEBUG')", "DEBUG", "True,False"],
  ["import environ\nenv = environ.Env()\nDEBUG = env.bool('DJANGO_DEBUG', False)", "DJANGO_DEBUG", "True,False"],
  ["from decouple import config\nDEBUG = config('DEBUG', default=False, cast=bool)", "DEBUG", "True,False"],
  [
    "from environs import Env\nenv = Env()\nenv.read_env()\nDEBUG = env.bool('DEBUG', default=False)",
    "DEBUG",
    "True,False",
  ],
  ["import os\nENV = os.environ['ENV']\nDEBUG = ENV == 'dev'", "ENV", "dev,production"],
  ["import os\nDEBUG = not os.environ.get('PRODUCTION')", "PRODUCTION", ",production"],
  ["import os\nDEBUG = eval(os.environ.get('DEBUG', 'False'))", "DEBUG", "True,False"],
  [
    "import os\nif os.environ.get('ENV') == 'production':\n    DEBUG = False\nelse:\n    DEBUG = True",
    "ENV",
    "development,production",
  ],
  ["import os, json\nDEBUG = json.loads(os.environ.get('DEBUG', 'false'))", "DEBUG", "1,0"],
];

describe("the variable that decides DEBUG", () => {
  for (const [settings, variable, values] of cases) {
    it(`is ${variable} with ${JSON.stringify(values)} for ${settings.split("\n").at(-1) ?? ""}`, () => {
      const { debugVariable, debugValues } = inspected(settings);
      assert.deepEqual([debugVariable?.value, debugValues?.value], [variable, values]);
    });
  }

  it("has no value that turns DEBUG off where it only has to be there", () => {
    const { debugVariable, debugValues } = inspected("from os import environ as e\nDEBUG = 'DEBUG' in e");
    assert.deepEqual(debugVariable, { value: "DEBUG", where: "shop/settings.py:2" });
    assert.equal(debugValues, undefined);
  });

  it("is none where DEBUG is written", () => {
    const { debugVariable, debugValues } = inspected("DEBUG = True");
    assert.deepEqual([debugVariable, debugValues], [undefined, undefined]);
  });
});
