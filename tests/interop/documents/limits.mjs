// Many documents, large ones, and keys that mean something in a URI: `node limits.mjs URL` of a server of `many`.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { MOST } from './bad_bucket.mjs';
import { all, fetched, overHttp, text } from './clients.mjs';

const [url] = process.argv.slice(2);
const client = await step('connect', () => overHttp(url));

await step('each of more documents than S3 names at a time is listed once', async () => {
  const { entries, pages } = await all(client, 'many');
  const expected = Array.from({ length: 1_002 }, (_, number) => `many/${String(number).padStart(5, '0')}.md`);
  assert.deepEqual(
    entries.map(({ key }) => key),
    expected,
  );
  assert.ok(pages > 1);
});

await step('as many bytes as are allowed are read, and one more is refused', async () => {
  for (const end of ['txt', 'pdf']) {
    const most = `large/most.${end}`;
    assert.ok(!(await fetched(client, most)).isError);
    const { contents } = await client.readResource({ uri: `documents:///${most}` });
    const { text: whole, blob } = contents[0];
    assert.equal(whole?.length ?? Buffer.from(blob, 'base64').length, MOST);
    const more = `large/more.${end}`;
    assert.match(text(await fetched(client, more)), /more than 1048576 bytes/);
    await assert.rejects(client.readResource({ uri: `documents:///${more}` }), /more than 1048576 bytes/);
  }
});

await step('each key is read by itself and by its URI', async () => {
  const { entries } = await all(client, 'strange');
  assert.equal(entries.length, 8);
  for (const { key, uri } of entries) {
    assert.equal(text(await fetched(client, key)), 'x', key);
    const { contents } = await client.readResource({ uri });
    assert.equal(contents[0].text, 'x', uri);
  }
});

await client.close();
