// Redis goes away and comes back under two instances: `node outage.mjs SECONDS`.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { allow, step, texts } from '../clients/steps.mjs';
import { THING, call, called, listen, times, until } from './calls.mjs';
import { Fleet, residentKib } from './fleet.mjs';

const CALLS_AT_A_TIME = 4;
const SUBSCRIPTIONS = 10;
/** Resources that change while Redis is away: many more than are remembered one by one. */
const CHANGES = 2000;
/** Flat: less than this beyond what the same work took before. */
const GROWTH_KIB = 8 * 1024;

const seconds = Number(process.argv[2]);
assert.ok(seconds > 0, 'usage: node outage.mjs SECONDS');
allow(seconds);

const fleet = await Fleet.start('instance', times());
const [a, b] = fleet.instances.map(({ url }) => url);
const pids = fleet.instances.map(({ server }) => server.pid);

/** A published client at one instance, which answers questions at another. */
async function connect(mode, url, answers = url) {
  const route = (_, init) => {
    const { method, result } = JSON.parse(init?.body ?? '{}');
    return fetch(method === undefined && result !== undefined ? answers : url, init);
  };
  const client = new Client(
    { name: 'interop', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ann' } }));
  const refused = [];
  client.onerror = (error) => refused.push(error.message);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { fetch: route }));
  const use = async (tool) => texts(await client.callTool({ name: tool, arguments: {} }));
  return { use, refused, close: () => client.close() };
}

/** Has one instance say of so many resources that they changed. */
async function change(url, count) {
  const names = Array.from({ length: count }, (_, number) => `thing://${number}`);
  const several = async () => {
    while (names.length > 0) {
      await call(url, 'change', { uri: names.pop() });
    }
  };
  await Promise.all(Array.from({ length: 16 }, several));
}

const subscribers = [];
for (const url of [a, b]) {
  for (let number = 0; number < SUBSCRIPTIONS; number += 1) {
    const subscriber = { url, heard: 0, over: undefined };
    const { ended } = await listen(url, THING, () => (subscriber.heard += 1));
    ended.then((how) => (subscriber.over = how));
    subscribers.push(subscriber);
  }
}
/** Waits until each subscriber of these instances has heard of a change since the last time. */
async function allHear(urls) {
  const meant = subscribers.filter(({ url }) => urls.includes(url));
  await until(() => meant.every(({ heard }) => heard > 0));
  meant.forEach((subscriber) => (subscriber.heard = 0));
}

let over = false;
const calls = { good: 0, bad: [] };
/** Calls that need no Redis, one after the other. */
async function caller() {
  while (!over) {
    const reply = await called(fleet.url, 'echo', { text: 'x' });
    const body = await reply.text();
    reply.status === 200 ? (calls.good += 1) : calls.bad.push(body);
  }
}
const callers = Array.from({ length: CALLS_AT_A_TIME }, caller);

const resident = () => fleet.instances.map(residentKib);
let before;

await step('Redis is there: everything works', async () => {
  await change(a, CHANGES);
  await call(a, 'change', { uri: THING });
  await allHear([a, b]);
  assert.equal(await (await connect('auto', fleet.url)).use('ask_once'), 'Ann');
  before = resident();
});

const legacy = await connect('legacy', a, b);
const legacyAtOne = await connect('legacy', a);
const modern = await connect('auto', fleet.url);

await step(`Redis is killed for ${seconds} s: who needs it is told so, all else works`, async () => {
  await fleet.killRedis();
  const killed = Date.now();
  await change(a, CHANGES);
  await call(a, 'change', { uri: THING });
  await allHear([a]);
  assert.equal(await legacyAtOne.use('ask'), 'Ann');
  const refused = await modern.use('ask_once').then(assert.fail, (error) => error.message);
  console.log(`       a call that takes an answer once: ${refused}`);
  assert.doesNotMatch(refused, /redis|127\.0\.0\.1/i);
  // It waits on, for an answer that cannot come.
  void legacy.use('ask').catch(() => {});
  await until(() => legacy.refused.length > 0);
  console.log(`       an answer for the other instance: ${legacy.refused[0]}`);
  assert.doesNotMatch(legacy.refused[0], /redis/i);
  await delay(Math.max(0, killed + seconds * 1000 - Date.now()));
  assert.ok(subscribers.every(({ over }) => over === undefined), 'a subscription ended');
  assert.deepEqual(subscribers.filter(({ url, heard }) => url === b && heard > 0), []);
});

await step('Redis is back: subscribers hear of what they missed', async () => {
  await fleet.startRedis();
  await allHear([b]);
});

await step('everything works again', async () => {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    // Instances come back one after the other, and what is said before is heard of by the gap.
    subscribers.forEach((subscriber) => (subscriber.heard = 0));
    await call(from, 'change', { uri: THING });
    await allHear([to]);
  }
  await until(() => modern.use('ask_once').then((text) => text === 'Ann', () => false));
  assert.equal(await (await connect('legacy', a, b)).use('ask'), 'Ann');
  await change(a, CHANGES);
});

await step('no call failed, no process ended, and memory is flat', async () => {
  over = true;
  await Promise.all(callers);
  console.log(`       ${calls.good} calls, ${calls.bad.length} failed`);
  assert.deepEqual(calls.bad, []);
  assert.deepEqual(fleet.instances.map(({ server }) => server.pid), pids);
  const after = resident();
  after.forEach((kib, index) => {
    if (kib !== undefined) {
      console.log(`       instance ${index}: ${before[index]} KiB before, ${kib} KiB after`);
      assert.ok(kib - before[index] < GROWTH_KIB);
    }
  });
});

await step('the logs tell of one outage', async () => {
  for (const { server } of fleet.instances) {
    const count = (text) => server.log.split(text).length - 1;
    for (const text of ['Redis is away', 'Redis is back']) {
      assert.equal(count(text), 1, server.log);
    }
    assert.ok(count('the event bus is away') <= 1 && count('the event bus is back') <= 1, server.log);
  }
});

await step('both instances end as they are asked to', async () => {
  await legacy.close();
  assert.equal(await fleet.stop(), 'exit code 0');
});

process.exit(0);
