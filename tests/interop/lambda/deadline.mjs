// What a function replies shortly before its invocation is ended, and that the next one is answered:
// `node deadline.mjs INVOCATIONS-URL` of a `lambda-trouble` that has a few seconds for each.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { called, goesOn, refusal } from './calls.mjs';

const [url] = process.argv.slice(2);

/** The reply to a call that would take too long. Where the machine itself stood still, there is none the first time. */
async function inTime(name) {
  for (let tries = 1; ; tries += 1) {
    const reply = await called(url, name, 'sleeps', { seconds: 300 });
    if (!reply.text.startsWith('Task timed out')) {
      return reply;
    }
    assert.ok(tries < 5, reply.text);
  }
}

for (const [name, message] of [
  ['HTTP API', (text) => JSON.parse(text).body],
  ['Invoke', (text) => text],
]) {
  await step(`a call does not end in time, ${name}`, async () => {
    const { id, error } = JSON.parse(message((await inTime(name)).text));
    assert.deepEqual([id, error.code, error.data], ['q-1', -32603, { reason: 'deadline' }]);
    await goesOn(url);
  });
}

for (const name of ['AgentCore Gateway', 'Bedrock Agents, function', 'Bedrock Agents, OpenAPI']) {
  await step(`a call does not end in time, ${name}`, async () => {
    assert.match(refusal(name, await inTime(name)), /did not finish/);
    await goesOn(url);
  });
}
