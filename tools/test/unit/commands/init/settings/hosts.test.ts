import * as assert from "node:assert/strict";

import { inspected } from "./project";

const cases: readonly (readonly [expression: string, variable: string, separator: "," | " " | "json" | undefined])[] = [
  ["os.environ.get('ALLOWED_HOSTS', '').split(',')", "ALLOWED_HOSTS", ","],
  ["os.environ['DJANGO_ALLOWED_HOSTS'].split(' ')", "DJANGO_ALLOWED_HOSTS", " "],
  ["os.environ.get('DJANGO_ALLOWED_HOSTS', default='localhost').split()", "DJANGO_ALLOWED_HOSTS", " "],
  ["['localhost'] + os.getenv('HOSTS', '').split(',')", "HOSTS", ","],
  ["[host.strip() for host in os.getenv('HOSTS', '').split(',') if host]", "HOSTS", ","],
  ["list(map(str.strip, os.environ['HOSTS'].split(',')))", "HOSTS", ","],
  ["[os.environ.get('HOST')]", "HOST", undefined],
  ["json.loads(os.environ['HOSTS'])", "HOSTS", "json"],
  ["env.list('ALLOWED_HOSTS', default=['*'])", "ALLOWED_HOSTS", ","],
  ["env('ALLOWED_HOSTS', cast=[str])", "ALLOWED_HOSTS", ","],
  ["config('ALLOWED_HOSTS', cast=Csv())", "ALLOWED_HOSTS", ","],
  ["config('ALLOWED_HOSTS', default='', cast=Csv(delimiter=' '))", "ALLOWED_HOSTS", " "],
  ["config('HOSTS', cast=lambda v: [s.strip() for s in v.split(',')])", "HOSTS", ","],
];

describe("the variable of ALLOWED_HOSTS", () => {
  for (const [expression, variable, separator] of cases) {
    it(`is ${variable} with ${JSON.stringify(separator)} for ${expression}`, () => {
      const { allowedHosts } = inspected(
        `import json, os\nimport environ\nfrom decouple import config, Csv\nenv = environ.Env()\nALLOWED_HOSTS = ${expression}\n`,
      );
      assert.deepEqual(allowedHosts, { value: { variable, separator }, where: "shop/settings.py:5" });
    });
  }

  it("is a list in JSON in settings of pydantic", () => {
    const settings = `
from pydantic_settings import BaseSettings
class Env(BaseSettings):
    allowed_hosts: list[str] = ["localhost"]
ALLOWED_HOSTS = Env().allowed_hosts
`;
    assert.deepEqual(inspected(settings).allowedHosts?.value, { variable: "ALLOWED_HOSTS", separator: "json" });
  });

  it("is found where the list grows afterwards, and only with debug off", () => {
    const settings = `
import os
DEBUG = int(os.environ.get("DEBUG", 1))
ALLOWED_HOSTS = []
if not DEBUG:
    ALLOWED_HOSTS += os.environ.get("HOSTS", "").split(",")
`;
    assert.deepEqual(inspected(settings).allowedHosts?.value, { variable: "HOSTS", separator: "," });
  });

  it("is none where the hosts are written", () => {
    assert.equal(inspected("ALLOWED_HOSTS = ['*']").allowedHosts, undefined);
  });

  it("is found for CSRF_TRUSTED_ORIGINS too, unless the origins are made of hosts", () => {
    const read = "import os\nCSRF_TRUSTED_ORIGINS = os.environ.get('ORIGINS', '').split(',')";
    const made = "import os\nCSRF_TRUSTED_ORIGINS = ['https://' + h for h in os.environ.get('HOSTS', '').split(',')]";
    assert.deepEqual(inspected(read).csrfTrustedOrigins?.value, { variable: "ORIGINS", separator: "," });
    assert.equal(inspected(made).csrfTrustedOrigins, undefined);
  });
});
