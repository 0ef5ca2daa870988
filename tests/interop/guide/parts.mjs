// What is run of what a newcomer does: `guide` follows the guide in an empty folder; `inspector` lists and calls the tools of
// every example with the Inspector.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { withDatabase } from '../conversations.mjs';
import { poolOf, withCognito } from '../identity/parts.mjs';
import { NODE, built, serve } from '../processes.mjs';
import { notRun, serving, verdict } from '../verdicts.mjs';

// It builds a program for each page.
const GUIDE_MINUTES = 20;

const program = (name, ...args) => [NODE, join(import.meta.dirname, name), ...args];

async function guide() {
  const title = 'the guide, followed in an empty folder';
  if (spawnSync('curl', ['--version']).error) {
    return notRun(title, 'its readers have `curl`, and this machine has not');
  }
  await verdict(title, program('follow.mjs'), {}, GUIDE_MINUTES);
}

async function inspector() {
  await inspected('documents', built('documents'));
  await inspected('hello', built('hello'));
  await inspected('patients', built('patients'));
  await withDatabase((environment) => inspected('sales-data', built('sales-data'), environment));
  await serving(
    () => serve('conformance'),
    ({ url }) => inspected('conformance', url),
  );
  await withLog((environment) =>
    serving(
      () => serve('log-stream', [], environment),
      ({ url }) => inspected('log-stream', url),
    ),
  );
  await withCognito((cognito, address) =>
    serving(
      () => serve('payroll', [], poolOf(cognito, address)),
      ({ url }) => inspected('payroll', url, { BEARER: cognito.tokens.mia.access }),
    ),
  );
}

const inspected = (example, target, environment = {}) =>
  verdict(`${example}, with the Inspector`, program('inspector.mjs', example, target), environment);

async function withLog(work) {
  const directory = await mkdtemp(join(tmpdir(), 'mcp-interop-'));
  await writeFile(join(directory, 'app.log'), 'started\ndisk full\n');
  try {
    await work({ LOG_DIR: directory });
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The parts, in the order in which they run. */
export const GUIDE_PARTS = { guide, inspector };
