// Many invocations at a time, through all doors in turn: `node crowd.mjs INVOCATIONS-URL` of a `lambda-trouble`.
//
// Each has a text, an id and, where its door verifies somebody, a caller of its own, and has to get them back.

import assert from 'node:assert/strict';

import { step, texts } from '../clients/steps.mjs';
import { DOORS, invoke } from './events.mjs';

const INVOCATIONS = 1_000;
const AT_A_TIME = 16;
const [url] = process.argv.slice(2);

const doors = Object.entries(DOORS);

async function one(number) {
  const [name, door] = doors[number % doors.length];
  const who = `caller-${number}`;
  const call = { id: `id-${number}`, tool: 'echo', args: { text: `text ${number}` } };
  const { status, text } = await invoke(url, door.ask(call, who));
  assert.equal(status, 200, `${name}: ${text}`);
  assert.equal(texts(door.read(text, call)), `text ${number} for ${door.caller(who)}`, name);
}

await step(`${INVOCATIONS} invocations, ${AT_A_TIME} at a time, while another one goes on`, async () => {
  let over = false;
  const longer = { id: 'longer', tool: 'sleeps', args: { seconds: 300 } };
  invoke(url, DOORS.Invoke.ask(longer)).finally(() => (over = true));
  let next = 0;
  const visitor = async () => {
    while (next < INVOCATIONS) {
      next += 1;
      await one(next);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, visitor));
  assert.ok(!over, 'the function had one invocation at a time');
});

// What still goes on ends with the function.
process.exit(0);
