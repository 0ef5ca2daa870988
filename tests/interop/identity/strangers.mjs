// Real tokens of Cognito that have no scope of `payroll`'s resource server: `node strangers.mjs URL`.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';

const [url] = process.argv.slice(2);
const { tokens } = JSON.parse(process.env.COGNITO);

for (const [user, { access }] of Object.entries(tokens)) {
  await step(`${user} is refused`, async () => {
    const headers = {
      authorization: `Bearer ${access}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const reply = await fetch(url, { method: 'POST', headers, body });
    assert.equal(reply.status, 401);
    assert.match(reply.headers.get('www-authenticate'), /^Bearer error="invalid_token"/);
  });
}
