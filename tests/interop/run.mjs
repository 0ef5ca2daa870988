// Everything that needs published software: `node run.mjs [suite|clients]...`, the exit code is the verdict.
//
// `suite` is the conformance suite against `conformance`; `clients` is each client, in each mode that it has, against
// `sales-data` over HTTP and stdio and against `conformance` over HTTP. Both programs have to be built.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NODE, PYTHON, built, serve } from './processes.mjs';

const here = (...parts) => join(import.meta.dirname, ...parts);

const CLIENTS = [
  { name: 'mcp (Python)', program: [PYTHON, here('clients/python_mcp.py')], modes: ['auto', 'legacy'] },
  { name: '@modelcontextprotocol/client', program: [NODE, here('clients/client-v2.mjs')], modes: ['auto', 'legacy'] },
  { name: '@modelcontextprotocol/sdk', program: [NODE, here('clients/sdk-v1.mjs')], modes: ['legacy'] },
];

const verdicts = [];

/** Runs one program to its end and notes whether it was content. */
async function verdict(title, [program, ...args], environment = {}) {
  console.log(`\n${title}`);
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  verdicts.push({ title, good: code === 0 });
  return code === 0;
}

/** Serves HTTP as long as `work(url)` goes on; the log is shown if anything was wrong. */
async function serving(name, args, environment, work) {
  const server = await serve(name, args, environment);
  let good = false;
  let how;
  try {
    good = await work(server.url);
  } finally {
    how = await server.stop();
  }
  const title = `${name} ends when it is asked to`;
  verdicts.push({ title, good: how === 'exit code 0' });
  if (how !== 'exit code 0') {
    console.log(`\n${title}: ended with ${how}`);
  }
  if (!good || how !== 'exit code 0') {
    console.log(`\nlog of ${name}:\n${server.log}`);
  }
}

/** Each client in each mode has one conversation, over `kind` with `target`. */
async function conversations(conversation, kind, target, environment = {}) {
  let good = true;
  for (const { name, program, modes } of CLIENTS) {
    for (const mode of modes) {
      const title = `${name}, ${mode}, ${conversation} over ${kind}`;
      good = (await verdict(title, [...program, conversation, mode, kind, target], environment)) && good;
    }
  }
  return good;
}

/** Runs `work` with the environment of a `sales-data` that has a database of its own. */
async function withDatabase(work) {
  const directory = await mkdtemp(join(tmpdir(), 'mcp-interop-'));
  try {
    await work({ SALES_DB: join(directory, 'sales.db') });
  } finally {
    await rm(directory, { recursive: true });
  }
}

const PARTS = {
  suite: () =>
    serving('conformance', [], {}, (url) => verdict('conformance suite', [NODE, here('conformance.mjs'), url])),
  async clients() {
    await serving('conformance', [], {}, (url) => conversations('fixture', 'http', url));
    await withDatabase((environment) =>
      serving('sales-data', ['http'], environment, (url) => conversations('sales', 'http', url)),
    );
    await withDatabase((environment) => conversations('sales', 'stdio', built('sales-data'), environment));
  },
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
const bad = verdicts.filter(({ good }) => !good);
console.log(`\n${verdicts.length - bad.length} passed, ${bad.length} failed`);
for (const { title } of bad) {
  console.log(`  FAIL ${title}`);
}
process.exitCode = bad.length === 0 ? 0 : 1;
