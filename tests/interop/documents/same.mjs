// A server that reads a bucket answers what one answers that has the same documents in it: `node same.mjs URL PROGRAM`.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { all, fetched, listed, overHttp, overStdio } from './clients.mjs';

const [url, program] = process.argv.slice(2);
const clients = await step('connect', () => Promise.all([overHttp(url), overStdio(program)]));

/** What both answer, be it a result or an error. */
async function both(ask) {
  const settled = (client) => ask(client).catch(({ code, message }) => ({ code, message }));
  const [bucket, directory] = await Promise.all(clients.map(settled));
  assert.deepEqual(bucket, directory);
  return directory;
}

await step('the tools and the template of resources', async () => {
  const { tools } = await both((client) => client.listTools());
  assert.deepEqual(tools.map(({ name }) => name).sort(), ['fetch_document', 'list_documents']);
  const { resourceTemplates } = await both((client) => client.listResourceTemplates());
  assert.equal(resourceTemplates[0].uriTemplate, 'documents:///{+key}');
});

const entries = await step('the list, by folder', async () => {
  for (const [folder, count] of [['handbook', 3], ['products/', 2], ['hand', 0], ['empty', 0], ['..', undefined]]) {
    const result = await both((client) => listed(client, { folder }));
    assert.equal(result.structuredContent?.items.length, count);
  }
  return (await both((client) => all(client))).entries;
});
assert.equal(entries.length, 6);

await step('each document, as the tool gives it and as a resource', async () => {
  for (const { key, uri, bytes } of entries) {
    assert.ok(!(await both((client) => fetched(client, key))).isError, key);
    const { contents } = await both((client) => client.readResource({ uri }));
    const { text, blob } = contents[0];
    assert.equal((blob === undefined ? Buffer.from(text) : Buffer.from(blob, 'base64')).length, bytes);
  }
});

await step('what is not there, and what lies outside', async () => {
  for (const key of ['none.md', 'handbook', 'empty/', '../public-not.md', '/secret/plan.md', 'secret/plan.md', 'a\0b']) {
    assert.equal((await both((client) => fetched(client, key))).isError, true);
    const uri = `documents:///${encodeURIComponent(key)}`;
    assert.ok((await both((client) => client.readResource({ uri }))).code < 0, key);
  }
  assert.equal((await both((client) => fetched(client, entries[0].key, 1_000_000))).isError, true);
});

await Promise.all(clients.map((client) => client.close()));
