// Lists and calls every tool of one example with the Inspector: `node guide/inspector.mjs EXAMPLE TARGET...`, where the target
// is a URL, or a program that is started for each request. `BEARER` is a token to call with.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { allow, step } from '../clients/steps.mjs';
import { INSPECTOR, NODE } from '../processes.mjs';
import { DONE, EXAMPLES, REFUSED } from './calls.mjs';

const run = promisify(execFile);

const AT_A_TIME = 2;

const [example, ...target] = process.argv.slice(2);
const token = process.env.BEARER;

/** Makes one request with the Inspector, and gives the code that it ends with and all that it printed. */
async function inspect(method, ...options) {
  const header = token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`];
  const words = [INSPECTOR, '--cli', ...target, '--method', method, ...options, ...header];
  try {
    return { code: DONE, ...(await run(NODE, words)) };
  } catch (error) {
    return error;
  }
}

async function call(tool, { args = {}, says, code: expected = DONE }) {
  const pairs = Object.entries(args).flatMap(([name, value]) => ['--tool-arg', `${name}=${value}`]);
  const { code, stdout, stderr } = await inspect('tools/call', '--tool-name', tool, ...pairs);
  assert.equal(code, expected, stdout + stderr);
  assert.ok((code === REFUSED ? stderr : stdout).includes(says), stdout + stderr);
}

allow(300);
const calls = EXAMPLES[example];
await step('every tool is listed, and the Inspector finds no error in a schema', async () => {
  const { code, stdout, stderr } = await inspect('tools/list', '--strict');
  assert.equal(code, DONE, stderr);
  const names = JSON.parse(stdout).tools.map(({ name }) => name);
  assert.deepEqual(names.sort(), Object.keys(calls).sort());
});
const waiting = Object.entries(calls);
await Promise.all(
  Array.from({ length: AT_A_TIME }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [tool, wanted] = next;
      await step(`${tool}: "${wanted.says}"`, () => call(tool, wanted));
    }
  }),
);
