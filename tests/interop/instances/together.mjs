// Published clients between two instances: what one instance is told, the other one has to know.

import assert from 'node:assert/strict';

import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

import { Inbox, step, texts } from '../clients/steps.mjs';
import { THING, call, times, until } from './calls.mjs';
import { Fleet, INSTANCE_HEADER } from './fleet.mjs';

const ABOUT = { name: 'interop', version: '1' };
const FORMS = { elicitation: { form: {} } };
const NAME = 'Ann';
const ROUNDS = 6;

const fleet = await Fleet.start('instance', times());
const [a, b] = fleet.instances.map(({ url }) => url);

/** Whether a message is the answer to a question of the server. */
const isAnswer = (body) => {
  const message = typeof body === 'string' ? JSON.parse(body) : {};
  return message.method === undefined && message.result !== undefined;
};

/** A `fetch` that goes where `route(init)` says, and notes by which instances calls and answers were taken. */
function routed(route) {
  const seen = { calls: [], answers: [], opened: undefined };
  const stream = new Promise((opened) => (seen.opened = opened));
  const watched = async (url, init) => {
    const reply = await fetch(route(init, url), init);
    const instance = reply.headers.get(INSTANCE_HEADER);
    if (init?.method === 'GET') {
      seen.opened();
    } else if (isAnswer(init?.body)) {
      seen.answers.push(instance);
    } else if (JSON.parse(init?.body ?? '{}').method === 'tools/call') {
      seen.calls.push(instance);
    }
    return reply;
  };
  return { fetch: watched, seen, stream };
}

/** The published clients: how each connects, is asked, and subscribes. */
const CLIENTS = {
  '@modelcontextprotocol/client, 2026-07-28': (url, fetch) => connectV2('auto', url, fetch),
  '@modelcontextprotocol/client, 2025-11-25': (url, fetch) => connectV2('legacy', url, fetch),
  '@modelcontextprotocol/sdk, 2025-11-25': connectV1,
};
const LEGACY = Object.keys(CLIENTS).filter((name) => name.endsWith('2025-11-25'));

const who = () => ({ action: 'accept', content: { name: NAME } });

async function connectV2(mode, url, { fetch, stream }) {
  const client = new ClientV2(ABOUT, { capabilities: FORMS, versionNegotiation: { mode } });
  const updates = new Inbox();
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => updates.add(params.uri));
  client.setRequestHandler('elicitation/create', who);
  await client.connect(new TransportV2(new URL(url), { fetch }));
  const subscribe = async () => {
    if (client.getProtocolEra() === 'modern') {
      return client.listen({ resourceSubscriptions: [THING] });
    }
    await stream;
    return client.subscribeResource({ uri: THING });
  };
  return { client, updates, subscribe, ask: () => client.callTool({ name: 'ask', arguments: {} }) };
}

async function connectV1(url, { fetch, stream }) {
  const client = new ClientV1(ABOUT, { capabilities: FORMS });
  const updates = new Inbox();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => updates.add(params.uri));
  client.setRequestHandler(ElicitRequestSchema, who);
  await client.connect(new TransportV1(new URL(url), { fetch }));
  const subscribe = async () => {
    await stream;
    return client.subscribeResource({ uri: THING });
  };
  return { client, updates, subscribe, ask: () => client.callTool({ name: 'ask', arguments: {} }) };
}

for (const [name, connect] of Object.entries(CLIENTS)) {
  await step(`${name}: subscribed at one instance, it hears of a change at the other`, async () => {
    const peer = await connect(a, routed((_, url) => url));
    await peer.subscribe();
    await call(b, 'change', { uri: THING });
    await peer.updates.take(1, (uri) => uri === THING);
    await peer.client.close();
  });
}

for (const name of LEGACY) {
  await step(`${name}: asked by one instance, it answers at the other`, async () => {
    const route = routed((init, url) => (isAnswer(init?.body) ? b : url));
    const { client, ask } = await CLIENTS[name](a, route);
    assert.equal(texts(await ask()), NAME);
    // The result can be there before the reply to the answer is.
    await until(() => route.seen.answers.length === 1);
    await client.close();
  });
}

for (const name of Object.keys(CLIENTS)) {
  await step(`${name}: its requests go to whichever instance is next`, async () => {
    const route = routed((_, url) => url);
    const peer = await CLIENTS[name](fleet.url, route);
    await peer.subscribe();
    for (let round = 0; round < ROUNDS; round += 1) {
      assert.equal(texts(await peer.ask()), NAME);
    }
    await call(fleet.url, 'change', { uri: THING });
    await peer.updates.take(1, (uri) => uri === THING);
    const { calls, answers } = route.seen;
    await until(() => answers.length === 0 || answers.length === ROUNDS);
    await peer.client.close();
    console.log(`       calls: ${calls.join('')}${answers.length > 0 ? `, answers: ${answers.join('')}` : ''}`);
    const crossed = answers.filter((instance, round) => instance !== calls[round]);
    assert.ok(answers.length > 0 ? crossed.length > 0 : new Set(calls).size === 2, 'all went to one instance');
  });
}

await step('both instances end as they are asked to', async () => {
  assert.equal(await fleet.stop(), 'exit code 0');
});

process.exit(0);
