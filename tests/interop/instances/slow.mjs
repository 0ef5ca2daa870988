// Clients that take their time, at one instance, while others call it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { step } from '../clients/steps.mjs';
import { headers, request } from '../messages.mjs';
import { times, until } from './calls.mjs';
import { Fleet, openFiles } from './fleet.mjs';

/** How many clients there are of a kind. */
const CROWD = 100;
/** Fewer, since each of them is sent many megabytes. */
const GREEDY = 4;
const PAUSE_MS = 50;

const fleet = await Fleet.start('instance', times({ idle: 2000, stall: 1000, body: 2000 }));
const [instance] = fleet.instances;

/** A message as the head and the body of a request. */
function written(message) {
  const body = JSON.stringify(message);
  const fields = { Host: 'localhost', 'Content-Length': body.length, ...headers(message) };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return [`POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n`, body];
}

const toolCall = (name, args = {}) => request('call', 'tools/call', { name, arguments: args }, { progressToken: 'p' });

/** A connection of one client, and whether it is over. */
async function connection() {
  const socket = connect(instance.port, '127.0.0.1');
  const client = { socket, over: false };
  const end = () => (client.over = true);
  socket.once('error', end).once('close', end);
  await once(socket, 'connect');
  return client;
}

/** Writes `text` a byte at a time until the connection is over, and gives what came back. */
async function trickle(start, text) {
  const client = await connection();
  let reply = '';
  client.socket.setEncoding('utf8').on('data', (piece) => (reply += piece));
  client.socket.on('end', () => (client.over = true));
  client.socket.write(start);
  for (let at = 0; !client.over; at += 1) {
    if (at < text.length) {
      client.socket.write(text[at]);
    }
    await delay(PAUSE_MS);
  }
  client.socket.destroy();
  return reply;
}

/** Sends a request and reads nothing. Whether the connection is over shows when something is written into it. */
async function deaf(message) {
  const client = await connection();
  client.socket.pause().write(written(message).join(''));
  while (!client.over) {
    await delay(PAUSE_MS);
    client.socket.write(' ');
  }
}

/** A call on a connection of its own, and how many milliseconds it took. */
async function call() {
  const message = toolCall('echo', { text: 'x', millis: 0 });
  const started = performance.now();
  const sent = http.request(instance.url, { method: 'POST', headers: headers(message), agent: false });
  sent.end(JSON.stringify(message));
  const [reply] = await once(sent, 'response');
  let body = '';
  for await (const piece of reply.setEncoding('utf8')) {
    body += piece;
  }
  assert.equal(reply.statusCode, 200, body);
  return performance.now() - started;
}

let over = false;
const took = [];
const calling = (async () => {
  while (!over) {
    took.push(await call());
    await delay(PAUSE_MS);
  }
})();

const crowd = (count, one) => Promise.all(Array.from({ length: count }, one));
/** What came back, each kind of reply once. */
const kinds = (replies) => [...new Set(replies.map((reply) => reply.split('\r\n')[0] || 'closed'))].join(', ');

await until(() => took.length > 0);
const before = openFiles(instance);

await step(`${CROWD} clients that say nothing are cut`, async () => {
  const replies = await crowd(CROWD, () => trickle('', ''));
  console.log(`       ${kinds(replies)}`);
  assert.match(kinds(replies), /^(closed|HTTP\/1.1 408 Request Timeout)$/);
});

await step(`${CROWD} clients that send the head of a request a byte at a time are cut`, async () => {
  const [head] = written(toolCall('echo'));
  const replies = await crowd(CROWD, () => trickle('', `${head.slice(0, -2)}X-More: ${'x'.repeat(1000)}`));
  console.log(`       ${kinds(replies)}`);
  assert.match(kinds(replies), /^(closed|HTTP\/1.1 408 Request Timeout)$/);
});

await step(`${CROWD} clients that send the body of a request a byte at a time are cut`, async () => {
  const [head, body] = written(toolCall('echo', { text: 'x'.repeat(1000) }));
  const replies = await crowd(CROWD, () => trickle(head, body));
  console.log(`       ${kinds(replies)}`);
  assert.equal(kinds(replies), 'HTTP/1.1 408 Request Timeout');
});

for (const tool of ['floods', 'large']) {
  await step(`${GREEDY} clients that read nothing of what \`${tool}\` sends are cut`, async () => {
    await crowd(GREEDY, () => deaf(toolCall(tool)));
  });
}

await step('all others were answered meanwhile, and nothing is left open', async () => {
  over = true;
  await calling;
  console.log(`       ${took.length} calls, the slowest took ${Math.round(Math.max(...took))} ms`);
  // The connections of haproxy come and go.
  const most = before + 4;
  await until(() => before === undefined || openFiles(instance) <= most);
});

await step('both instances end as they are asked to', async () => {
  assert.equal(await fleet.stop(), 'exit code 0');
});

process.exit(0);
