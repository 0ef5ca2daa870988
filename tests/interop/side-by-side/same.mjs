// One conversation with a server that is written several times: `node same.mjs hello|refund MODE PROGRAM [ARGUMENT]...` or
// `node same.mjs sales MODE URL`. Whoever wrote the server, what it answers has to be exactly what stands here.
//
// Compared is what a model and a client's user can tell: names, descriptions, arguments and their bounds, texts, values,
// what is refused, who is asked what. Not compared are the words of a refusal that a framework writes by itself, and
// whether such a refusal is a result or an error of the protocol.

import assert from 'node:assert/strict';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

import { step } from '../clients/steps.mjs';

const VERSIONS = { auto: '2026-07-28', legacy: '2025-11-25' };

const [server, mode, ...target] = process.argv.slice(2);

async function connect(transport) {
  const client = new Client(
    { name: 'side-by-side', version: '1' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } },
  );
  await client.connect(transport);
  assert.equal(client.getNegotiatedProtocolVersion(), VERSIONS[mode]);
  return client;
}

const stdio = ([command, ...args]) => {
  return connect(new StdioClientTransport({ command, args, env: process.env, stderr: 'ignore' }));
};
const http = (url, token) => {
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  return connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
};

/**
 * A part of a schema, as far as somebody who calls the tool has to know it. Servers here say the default in words, since a
 * vendor may refuse the keyword.
 */
function brief({ type, description, default: standard, minimum, maximum }) {
  const [, words, said] = description.match(/^(.*?)(?: Default: (\d+)\.)?$/);
  const known = { type, description: words, default: said === undefined ? standard : Number(said), minimum, maximum };
  return JSON.parse(JSON.stringify(known));
}

/** What a server says of its tools. */
async function listed(client) {
  const { tools } = await client.listTools();
  const about = ({ name, description, inputSchema, annotations }) => ({
    name,
    description,
    takes: Object.fromEntries(Object.entries(inputSchema.properties).map(([key, value]) => [key, brief(value)])),
    needs: inputSchema.required.toSorted(),
    readOnly: annotations?.readOnlyHint === true,
    destructive: annotations?.destructiveHint === true,
  });
  return tools.map(about).toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** What a call was answered with: the text, and whether that is a failure. */
async function called(client, name, args) {
  const { content, isError, structuredContent } = await client.callTool({ name, arguments: args });
  assert.deepEqual(
    content.map(({ type }) => type),
    ['text'],
  );
  return { text: content[0].text, failed: isError === true, value: structuredContent };
}

/** A call that must not succeed, in whatever words. */
async function refused(client, name, args) {
  const answer = await called(client, name, args).catch((error) => ({ failed: true, text: error.message }));
  assert.equal(answer.failed, true, `${name} took ${JSON.stringify(args)}: ${answer.text}`);
}

const CUSTOMER = { type: 'string', description: 'Customer number, as printed on the invoice.' };

const CONVERSATIONS = {
  async hello() {
    const client = await stdio(target);
    await step('list', async () => {
      assert.deepEqual(await listed(client), [
        {
          name: 'hello',
          description: 'Greets somebody by name.',
          takes: { name: { type: 'string', description: 'Who to greet.' } },
          needs: ['name'],
          readOnly: true,
          destructive: false,
        },
      ]);
    });
    await step('greet', async () => {
      const { text, failed } = await called(client, 'hello', { name: 'Ada' });
      assert.deepEqual([text, failed], ['Hello, Ada!', false]);
    });
    await step('refuse a call without a name, and one of no tool', async () => {
      await refused(client, 'hello', {});
      await refused(client, 'goodbye', { name: 'Ada' });
    });
    return [client];
  },

  async sales() {
    const [url] = target;
    const tokens = JSON.parse(process.env.TOKENS);
    await step('turn away who has no good token', async () => {
      for (const [who, status] of [['alice', 200], ['elsewhere', 401], ['stranger', 401], ['late', 401], ['', 401]]) {
        assert.equal(await knock(url, tokens[who]), status, `status for ${who || 'nobody'}`);
      }
    });
    const alice = await http(url, tokens.alice);
    const bob = await http(url, tokens.bob);
    await step('list', async () => {
      assert.deepEqual(await listed(alice), [
        {
          name: 'get_sales',
          description: 'Total of your sales to a customer.',
          takes: {
            customer: CUSTOMER,
            months: {
              type: 'integer',
              description: 'How many months to look back.',
              default: 12,
              minimum: 1,
              maximum: 60,
            },
          },
          needs: ['customer'],
          readOnly: true,
          destructive: false,
        },
        {
          name: 'record_sale',
          description: 'Records a sale of yours.',
          takes: {
            cents: { type: 'integer', description: 'What the customer paid, in cents.', minimum: 0 },
            customer: CUSTOMER,
          },
          needs: ['cents', 'customer'],
          readOnly: false,
          destructive: false,
        },
      ]);
      const [{ outputSchema }] = (await alice.listTools()).tools.filter(({ name }) => name === 'get_sales');
      assert.deepEqual(Object.keys(outputSchema.properties).toSorted(), ['customer', 'months', 'total_cents']);
      assert.deepEqual(outputSchema.required.toSorted(), ['customer', 'months', 'total_cents']);
    });
    const sold = async (client, args) => {
      const { text, failed, value } = await called(client, 'get_sales', args);
      assert.equal(failed, false, text);
      assert.deepEqual(JSON.parse(text), value);
      return value;
    };
    await step('use the default, the bounds and what lies beyond', async () => {
      const total = (months, total_cents) => ({ customer: 'C-1', months, total_cents });
      assert.deepEqual(await sold(alice, { customer: 'C-1' }), total(12, 1000));
      assert.deepEqual(await sold(alice, { customer: 'C-1', months: 1 }), total(1, 0));
      assert.deepEqual(await sold(alice, { customer: 'C-1', months: 60 }), total(60, 1500));
      for (const months of [0, 61, -1, 1.5, 'many']) {
        await refused(alice, 'get_sales', { customer: 'C-1', months });
      }
      await refused(alice, 'get_sales', { months: 12 });
      await refused(alice, 'record_sale', { customer: 'C-1', cents: -1 });
    });
    await step('keep what is recorded, for whom it is', async () => {
      const { text, failed } = await called(alice, 'record_sale', { customer: 'C-1', cents: 250 });
      assert.deepEqual([text, failed], ['recorded 250 cents of C-1', false]);
      assert.equal((await sold(alice, { customer: 'C-1' })).total_cents, 1250);
      assert.equal((await sold(bob, { customer: 'C-2' })).total_cents, 7000);
      for (const [client, customer] of [[bob, 'C-1'], [alice, 'C-2'], [alice, 'C-9']]) {
        const { text, failed } = await called(client, 'get_sales', { customer });
        assert.deepEqual([text, failed], ['you have no such customer', true]);
      }
    });
    return [alice, bob];
  },

  async refund() {
    const client = await stdio(target);
    const asked = [];
    let answer;
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params);
      return answer;
    });
    const refund = async (order, given) => {
      answer = given;
      asked.length = 0;
      const { text, failed } = await called(client, 'refund', { order });
      assert.equal(asked.length, 1, 'one question for each call');
      assert.equal(asked[0].message, `Refund order ${order}?`);
      const { properties, required } = asked[0].requestedSchema;
      assert.deepEqual(Object.keys(properties), ['approve']);
      assert.equal(properties.approve.type, 'boolean');
      assert.equal(properties.approve.description, 'Whether to pay back.');
      assert.deepEqual(required, ['approve']);
      return [text, failed];
    };
    const accept = (approve) => ({ action: 'accept', content: { approve } });
    await step('list', async () => {
      assert.deepEqual(await listed(client), [
        {
          name: 'refund',
          description: 'Pays back an order, after the user approved it.',
          takes: { order: { type: 'string', description: 'Order number.' } },
          needs: ['order'],
          readOnly: false,
          destructive: true,
        },
      ]);
    });
    await step('pay nothing back that was not approved', async () => {
      const no = ['the user did not approve the refund', true];
      assert.deepEqual(await refund('O-1', accept(false)), no);
      assert.deepEqual(await refund('O-1', { action: 'decline' }), no);
      assert.deepEqual(await refund('O-1', { action: 'cancel' }), no);
    });
    await step('pay back what was, once', async () => {
      assert.deepEqual(await refund('O-1', accept(true)), ['paid back 4200 cents', false]);
      assert.deepEqual(await refund('O-1', accept(true)), ['there is no such order to pay back', true]);
      assert.deepEqual(await refund('O-2', accept(true)), ['paid back 900 cents', false]);
    });
    return [client];
  },
};

/** The status of a request with this token. */
async function knock(url, token) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const clientInfo = { name: 'side-by-side', version: '1' };
  const params = { protocolVersion: VERSIONS.legacy, capabilities: {}, clientInfo };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const response = await fetch(url, { method: 'POST', headers, body });
  await response.body?.cancel();
  return response.status;
}

for (const client of await CONVERSATIONS[server]()) {
  await client.close();
}
