// What a function replies when something goes wrong inside it, and that the next invocation is answered:
// `node trouble.mjs INVOCATIONS-URL` of a `lambda-trouble`.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { called, goesOn, refusal } from './calls.mjs';
import { DOORS, invoke } from './events.mjs';

const [url] = process.argv.slice(2);

const EACH = Object.keys(DOORS).filter((name) => name !== 'Application Load Balancer, several values');

for (const name of EACH) {
  await step(`a tool panics, ${name}`, async () => {
    const text = refusal(name, await called(url, name, 'panics'));
    assert.match(text, /log has it as error [0-9a-f]+/);
    assert.ok(!text.includes('as asked'), 'what the panic says is private');
    await goesOn(url);
  });
}

for (const name of EACH) {
  await step(`a result has 20 MB, ${name}`, async () => {
    assert.match(refusal(name, await called(url, name, 'large', { bytes: 10_000_000 })), /larger than \d+ bytes/);
    await goesOn(url);
  });
}

// A quote takes two bytes in a message, and four where the message is the body of a reply in one piece.
for (const [name, fits, tooMany] of [
  ['HTTP API', 1_500_000, 1_600_000],
  ['Application Load Balancer', 240_000, 260_000],
  ['Invoke', 3_000_000, 3_200_000],
]) {
  await step(`a result is as large as it can be, ${name}`, async () => {
    const { call, text } = await called(url, name, 'large', { bytes: fits });
    assert.equal(DOORS[name].read(text, call).content[0].text.length, fits);
    assert.match(refusal(name, await called(url, name, 'large', { bytes: tooMany })), /larger than \d+ bytes/);
  });
}

// The runtime library ends the process before a line of ours has run. The emulator starts another one, as Lambda does. The
// last is what a gateway sends whose target passes headers on.
for (const context of [
  'not JSON',
  '{"custom":{"number":1}}',
  '{"client":{}}',
  '{"custom":{"bedrockAgentCoreToolName":"t___echo","bedrockAgentCorePropagatedHeaders":{}}}',
]) {
  await step(`a client context is malformed: ${context}`, async () => {
    const { event } = DOORS.Invoke.ask({ id: 'q-1', tool: 'echo', args: { text: 'well' } });
    const { status, text } = await invoke(url, { event, context });
    const { errorType, errorMessage } = JSON.parse(text);
    assert.deepEqual([status, errorType], [502, 'Runtime.ExitError']);
    assert.match(errorMessage, /exit status 1$/);
    await goesOn(url);
  });
}
