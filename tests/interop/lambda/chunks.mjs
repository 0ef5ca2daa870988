// Replies that are streamed while the function works: `node chunks.mjs INVOCATIONS-URL FUNCTION-URL` of a `sales-data`
// with subscriptions, under `cargo lambda watch`.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { messages, request } from '../messages.mjs';
import { httpApi, message, token } from './events.mjs';

const [url, functionUrl] = process.argv.slice(2);

const SUMMARY = 'sales://customers/C-1001/summary';
const CHUNKS = 3;

/** Has the function answer a message to HTTP. */
function invoked(message) {
  return fetch(url, { method: 'POST', body: JSON.stringify(httpApi(message, token('ada'))) });
}

/** The messages of a stream. */
function streamed(reply) {
  assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'text/event-stream']);
  return messages(reply);
}

await step('something is heard of while the invocation goes on', async () => {
  const notifications = { resourceSubscriptions: [SUMMARY] };
  const heard = streamed(await invoked(request('l-1', 'subscriptions/listen', { notifications })));
  const next = async () => (await heard.next()).value.message;
  assert.equal((await next()).method, 'notifications/subscriptions/acknowledged');
  const sale = { id: 'q-1', tool: 'record_sale', args: { customer_id: 'C-1001', amount_cents: 100 } };
  const recorded = await (await invoked(message(sale))).json();
  assert.ok(recorded.result.structuredContent.order_id, JSON.stringify(recorded));
  const { method, params } = await next();
  assert.deepEqual([method, params.uri], ['notifications/resources/updated', SUMMARY]);
  await heard.return();
});

await step('the progress of a report comes before its end', async () => {
  const params = { name: 'export_report', arguments: { year: 2024 } };
  // A machine that stands still makes one chunk of several.
  for (let tries = 1; ; tries += 1) {
    const report = [];
    for await (const event of streamed(await invoked(request('q-2', 'tools/call', params, { progressToken: 'p' })))) {
      report.push(event);
    }
    const said = report.map(({ message }) => message.params?.progress ?? message.id);
    assert.deepEqual(said, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 'q-2']);
    const chunks = new Set(report.map(({ chunk }) => chunk)).size;
    if (chunks >= CHUNKS && report[0].chunk < report.at(-1).chunk) {
      console.log(`       ${report.length} messages in ${chunks} chunks`);
      return;
    }
    assert.ok(tries < 5, `${report.length} messages came in ${chunks} chunks`);
  }
});

await step('the reply to a notification ends', async () => {
  const params = { requestId: 'q-2' };
  const reply = await invoked({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
  // Without a body, some front doors wait for one.
  assert.deepEqual([reply.status, (await reply.text()).trim()], [202, '']);
});

await step('a Function URL without an authorizer verifies nobody', async () => {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const reply = await fetch(functionUrl, { method: 'POST', headers, body });
  assert.deepEqual([reply.status, reply.headers.get('lambda-runtime-function-response-mode')], [401, 'streaming']);
  assert.match((await reply.json()).error.message, /sign in/);
});

await step('a Function URL holds no stream open', async () => {
  const reply = await fetch(functionUrl, { headers: { accept: 'text/event-stream' } });
  assert.deepEqual([reply.status, reply.headers.get('allow')], [405, 'POST']);
  await reply.text();
});

// What is still open ends with the function.
process.exit(0);
