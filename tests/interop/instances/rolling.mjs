// Instances that are replaced under a steady load, one after the other: `node rolling.mjs SECONDS`.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { allow, step } from '../clients/steps.mjs';
import { THING, call, called, listen, times, until } from './calls.mjs';
import { Fleet } from './fleet.mjs';

const CALLS_PER_SECOND = 200;
const SUBSCRIPTIONS = 20;

const seconds = Number(process.argv[2]);
assert.ok(seconds > 0, 'usage: node rolling.mjs SECONDS');
allow(2 * seconds);

const fleet = await Fleet.start('instance', times({ silence: 2000 }));
let over = false;

const calls = { sent: 0, good: 0, retried: 0, bad: [] };

/** One call. Whoever finds no listener tries again, as any client does; nothing else is tried twice. */
async function one(number) {
  const text = `call ${number}`;
  try {
    const reply = await called(fleet.url, 'echo', { text });
    const body = await reply.text();
    assert.equal(reply.status, 200, body);
    assert.equal(JSON.parse(body).result.content[0].text, text);
    calls.good += 1;
  } catch (error) {
    if (error.cause?.code === 'ECONNREFUSED') {
      calls.retried += 1;
      return one(number);
    }
    calls.bad.push(`${error.cause ?? error}`);
  }
}

/** Calls at a steady rate, however long each takes. */
async function load() {
  const started = performance.now();
  const open = new Set();
  while (!over) {
    const due = Math.floor(((performance.now() - started) / 1000) * CALLS_PER_SECOND);
    while (calls.sent < due) {
      calls.sent += 1;
      const answered = one(calls.sent).finally(() => open.delete(answered));
      open.add(answered);
    }
    await delay(5);
  }
  await Promise.all(open);
  return (performance.now() - started) / 1000;
}

const subscriptions = { ends: [], heard: Array(SUBSCRIPTIONS).fill(0), open: 0 };

/** Listens, and listens again when a subscription ends. */
async function subscriber(number) {
  while (!over) {
    const { ended } = await listen(fleet.url, THING, () => (subscriptions.heard[number] += 1));
    subscriptions.open += 1;
    subscriptions.ends.push(await ended);
    subscriptions.open -= 1;
  }
}

const exits = [];
let loaded;
const subscribers = [...subscriptions.heard.keys()].map(subscriber);

await step(`both instances are replaced in turn for ${seconds} s, under ${CALLS_PER_SECOND} calls a second`, async () => {
  loaded = load();
  const deadline = Date.now() + seconds * 1000;
  for (let turn = 0; exits.length < 2 || Date.now() < deadline; turn += 1) {
    exits.push(await fleet.replace(turn % 2));
  }
  assert.deepEqual(new Set(exits), new Set(['exit code 0']));
  console.log(`       ${exits.length} instances were replaced`);
});

await step('whoever subscribed is subscribed again, and hears', async () => {
  await until(() => subscriptions.open === SUBSCRIPTIONS);
  subscriptions.heard.fill(0);
  await call(fleet.url, 'change', { uri: THING });
  await until(() => subscriptions.heard.every((count) => count > 0));
});

await step('no call failed', async () => {
  over = true;
  const took = await loaded;
  const rate = Math.round(calls.sent / took);
  const { sent, good, retried, bad } = calls;
  const refused = `connections refused: ${retried} to clients, ${await fleet.retries()} to haproxy`;
  console.log(`       ${sent} calls, ${rate} a second, ${good} good, ${bad.length} failed; ${refused}`);
  assert.deepEqual(bad, []);
  assert.equal(good, sent);
});

await step('each subscription ended gracefully', async () => {
  assert.equal(await fleet.stop(), 'exit code 0');
  await Promise.all(subscribers);
  const graceful = subscriptions.ends.filter((how) => how === 'gracefully').length;
  console.log(`       ${graceful} of ${subscriptions.ends.length}`);
  assert.ok(graceful > SUBSCRIPTIONS);
  assert.equal(graceful, subscriptions.ends.length, JSON.stringify([...new Set(subscriptions.ends)]));
});

process.exit(0);
