// Everything that needs published software: `node run.mjs [PART]...`, the exit code is the verdict.
//
// `suite` is the conformance suite against `conformance`; `clients` is each client, in each mode that it has, against
// `sales-data` over HTTP and stdio and against `conformance` over HTTP; `contracts` is each client with the tools of every
// example. The others are those of the `parts.mjs` in `documents/`, `guide/`, `identity/`, `instances/`, `lambda/` and
// `side-by-side/`. The programs have to be built.

import { join } from 'node:path';

import { conversations, withDatabase } from './conversations.mjs';
import { DOCUMENTS_PARTS } from './documents/parts.mjs';
import { GUIDE_PARTS } from './guide/parts.mjs';
import { IDENTITY_PARTS } from './identity/parts.mjs';
import { INSTANCE_PARTS } from './instances/parts.mjs';
import { LAMBDA_PARTS } from './lambda/parts.mjs';
import { NODE, built, serve } from './processes.mjs';
import { SIDE_BY_SIDE_PARTS } from './side-by-side/parts.mjs';
import { conclude, judged, serving } from './verdicts.mjs';

const conformance = join(import.meta.dirname, 'conformance.mjs');

const PARTS = {
  suite: () =>
    serving(
      () => serve('conformance'),
      ({ url }) => judged('conformance suite', [NODE, conformance, url]),
    ),
  async clients() {
    await serving(
      () => serve('conformance'),
      ({ url }) => conversations('fixture', 'http', url),
    );
    await withDatabase((environment) =>
      serving(
        () => serve('sales-data', ['http'], environment),
        ({ url }) => conversations('sales', 'http', url),
      ),
    );
    await withDatabase((environment) => conversations('sales', 'stdio', built('sales-data'), environment));
  },
  async contracts() {
    const all = ({ url }) => conversations('contracts', 'http', url);
    await serving(() => serve('conformance'), all);
    await withDatabase((environment) => serving(() => serve('sales-data', ['http'], environment), all));
    await serving(() => serve('log-stream', [], { LOG_DIR: import.meta.dirname }), all);
    await conversations('contracts', 'stdio', built('documents'));
    await conversations('contracts', 'stdio', built('hello'));
  },
  ...GUIDE_PARTS,
  ...IDENTITY_PARTS,
  ...INSTANCE_PARTS,
  ...LAMBDA_PARTS,
  ...DOCUMENTS_PARTS,
  ...SIDE_BY_SIDE_PARTS,
};

const asked = process.argv.slice(2);
const parts = asked.length > 0 ? asked : Object.keys(PARTS);
if (!parts.every((part) => Object.hasOwn(PARTS, part))) {
  console.error(`usage: node run.mjs [${Object.keys(PARTS).join('|')}]...`);
  process.exit(2);
}
for (const part of parts) {
  await PARTS[part]();
}
process.exitCode = conclude();
