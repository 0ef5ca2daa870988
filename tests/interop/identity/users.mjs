// Alice, Bob and their manager ask `payroll` with tokens that Cognito issued: `node users.mjs URL`.

import assert from 'node:assert/strict';

import { Client } from '@modelcontextprotocol/client';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { step } from '../clients/steps.mjs';

const [url] = process.argv.slice(2);
const { tokens } = JSON.parse(process.env.COGNITO);

/** A client whose user signed in as `user`, as long as `work(client)` goes on. */
async function as(user, work) {
  const headers = { authorization: `Bearer ${tokens[user].access}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  const client = new Client({ name: 'interop', version: '1' });
  await client.connect(transport);
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

const names = ({ tools }) => tools.map(({ name }) => name).sort();
const salary = (client, username) => client.callTool({ name: 'get_salary', arguments: { username } });
const text = ({ content }) => content.map((part) => part.text).join('\n');

await step('alice sees her own row and no other', () =>
  as('alice', async (client) => {
    assert.deepEqual(names(await client.listTools()), ['get_salary', 'total_salaries']);
    const own = await salary(client, 'alice');
    assert.equal(own.structuredContent.salary_cents, 6210000);
    const [bob, nobody] = [await salary(client, 'bob'), await salary(client, 'zed')];
    assert.ok(bob.isError && nobody.isError);
    assert.equal(text(bob).replace('bob', 'zed'), text(nobody));
    await assert.rejects(client.callTool({ name: 'list_team', arguments: {} }), /list_team/);
  }),
);

await step('bob sees his own row and no other', () =>
  as('bob', async (client) => {
    assert.equal((await salary(client, 'bob')).structuredContent.salary_cents, 5840000);
    assert.ok((await salary(client, 'alice')).isError);
  }),
);

await step('mia sees her team, through her group', () =>
  as('mia', async (client) => {
    assert.deepEqual(names(await client.listTools()), ['get_salary', 'list_team', 'total_salaries']);
    const team = await client.callTool({ name: 'list_team', arguments: {} });
    const members = team.structuredContent.members.map(({ username }) => username);
    assert.deepEqual(members, ['alice', 'bob', 'mia']);
    assert.ok((await salary(client, 'carol')).isError);
  }),
);

await step('an ID token, a changed token and no token open nothing', async () => {
  const { access, id } = tokens.alice;
  const changed = `${access.slice(0, -8)}AAAAAAAA`;
  for (const token of [id, changed, undefined]) {
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const authorization = token ? { authorization: `Bearer ${token}` } : {};
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const reply = await fetch(url, { method: 'POST', headers: { ...headers, ...authorization }, body });
    assert.equal(reply.status, 401);
    // Groups give the scopes here, so a client is told of none that it could ask for.
    assert.equal(reply.headers.get('www-authenticate'), token ? 'Bearer error="invalid_token"' : 'Bearer');
    await reply.body?.cancel();
  }
});
