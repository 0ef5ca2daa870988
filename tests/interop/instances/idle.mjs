// Streams on which nothing is said, behind a load balancer that closes what is silent: `node idle.mjs SECONDS`.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { allow, step } from '../clients/steps.mjs';
import { THING, call, listen, times, until } from './calls.mjs';
import { Fleet, SERVER_TIMEOUT_SECONDS } from './fleet.mjs';

const seconds = Number(process.argv[2]);
assert.ok(seconds > 2 * SERVER_TIMEOUT_SECONDS, 'usage: node idle.mjs SECONDS, more than twice the timeout of haproxy');
allow(seconds);

/** Two streams to each instance, and what comes of each. */
function streams(fleet) {
  const opened = [0, 1, 2, 3].map(async () => {
    const stream = { heard: 0, chunks: 0, over: undefined };
    const { ended } = await listen(fleet.url, THING, (chunk) => {
      stream.heard += 1;
      stream.chunks = chunk;
    });
    ended.then((how) => (stream.over = how));
    return stream;
  });
  return Promise.all(opened);
}

const silent = await Fleet.start('instance', times({ silence: 3_600_000 }));
const alive = await Fleet.start('instance', times({ silence: 2000 }));
const kept = await streams(alive);

await step('a stream without heartbeats is closed by haproxy', async () => {
  const cut = await streams(silent);
  await until(() => cut.every(({ over }) => over !== undefined));
  assert.ok(cut.every(({ over }) => over !== 'gracefully'), JSON.stringify(cut));
});

await step(`a stream with heartbeats stays open for ${seconds} s`, async () => {
  await delay(seconds * 1000);
  assert.ok(kept.every(({ over }) => over === undefined), JSON.stringify(kept));
});

await step('a change is heard of on each', async () => {
  await call(alive.url, 'change', { uri: THING });
  await until(() => kept.every(({ heard }) => heard === 1));
  console.log(`       after ${kept.map(({ chunks }) => chunks - 2).join(', ')} heartbeats`);
});

await step('all instances end as they are asked to, and so do the streams', async () => {
  assert.deepEqual([await alive.stop(), await silent.stop()], ['exit code 0', 'exit code 0']);
  await until(() => kept.every(({ over }) => over !== undefined));
  assert.ok(kept.every(({ over }) => over === 'gracefully'), JSON.stringify(kept));
});

process.exit(0);
