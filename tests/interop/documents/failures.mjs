// What a failing bucket looks like from outside: `node failures.mjs`, in the environment of a server that reads the one of
// `bad_bucket.mjs`.

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

import { step } from '../clients/steps.mjs';
import { serve } from '../processes.mjs';
import { CAUSE, MOST } from './bad_bucket.mjs';
import { fetched, overHttp, text } from './clients.mjs';

const server = await serve('documents', ['http']);
const client = await step('connect', () => overHttp(server.url));

/** The line about an error, which can come later than the answer. */
async function logLine(id) {
  for (;;) {
    const line = server.log.split('\n').find((line) => line.includes('ERROR') && line.includes(id));
    if (line !== undefined) {
      return line;
    }
    await delay(20);
  }
}

for (const key of ['denied.md', 'frozen.md', 'down.md', 'broken.md']) {
  await step(`${key} is nobody's affair but the log's`, async () => {
    const result = await fetched(client, key);
    assert.equal(result.isError, true);
    const [, id] = text(result).match(/^The call failed for a reason that is not yours to fix; .* error (\w+)\.$/);
    const logged = await logLine(id);
    assert.match(logged, /cannot read the bucket `bad`/);
    assert.ok(key === 'broken.md' || logged.includes(CAUSE), logged);
    await assert.rejects(client.readResource({ uri: `documents:///${key}` }), ({ code, message }) => {
      assert.equal(code, -32603);
      return !message.includes(CAUSE) && !message.includes('bucket');
    });
  });
}

await step('a document that is not there is not found, even if S3 only says that access is denied', async () => {
  assert.match(text(await fetched(client, 'none.md')), /^no document `none\.md`/);
});

await step('a body without a length is read up to the limit', async () => {
  const { contents } = await client.readResource({ uri: 'documents:///most.txt' });
  assert.equal(contents[0].text.length, MOST);
  assert.match(text(await fetched(client, 'more.txt')), /more than 1048576 bytes/);
});

await client.close();
await server.stop();
