// The published clients, each in each mode that it has.

import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NODE, PYTHON } from './processes.mjs';
import { verdict } from './verdicts.mjs';

const here = (...parts) => join(import.meta.dirname, ...parts);

const CLIENTS = [
  { name: 'mcp (Python)', program: [PYTHON, here('clients/python_mcp.py')], modes: ['auto', 'legacy'] },
  { name: '@modelcontextprotocol/client', program: [NODE, here('clients/client-v2.mjs')], modes: ['auto', 'legacy'] },
  { name: '@modelcontextprotocol/sdk', program: [NODE, here('clients/sdk-v1.mjs')], modes: ['legacy'] },
];

/** Each client in each mode has one conversation, over `kind` with `target`. */
export async function conversations(conversation, kind, target, environment = {}) {
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
export async function withDatabase(work) {
  const directory = await mkdtemp(join(tmpdir(), 'mcp-interop-'));
  // An emulator runs functions as somebody else.
  await chmod(directory, 0o777);
  try {
    await work({ SALES_DB: join(directory, 'sales.db') });
  } finally {
    await rm(directory, { recursive: true });
  }
}
