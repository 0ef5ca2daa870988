// One function, asked by everybody who can: `node doors.mjs INVOCATIONS-URL` of a `sales-data`.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { DOORS, httpApi, invoke, message, restApi, token } from './events.mjs';

const SHOWN = 110;
const [url] = process.argv.slice(2);

const CALL = { id: 'q-1', tool: 'get_customer_sales', args: { customer_id: 'C-1001', months: 120 } };
const ANONYMOUS = { 'Application Load Balancer': 1, 'Application Load Balancer, several values': 1 };

function show(sign, value) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  console.log(
    `       ${sign} ${text.length > SHOWN ? `${text.slice(0, SHOWN)}... (${text.length} characters)` : text}`,
  );
}

/** Invokes with what a door sends, and shows both sides. */
async function asked(invocation) {
  const { status, text } = await invoke(url, invocation);
  if (invocation.context !== undefined) {
    show('+', invocation.context);
  }
  show('>', invocation.event);
  show('<', text);
  assert.equal(status, 200);
  return text;
}

let whole;
for (const [name, door] of Object.entries(DOORS).filter(([name]) => !(name in ANONYMOUS))) {
  await step(name, async () => {
    const result = door.read(await asked(door.ask(CALL, 'ada')), CALL);
    assert.ok(!result.isError, JSON.stringify(result));
    const sales = result.structuredContent ?? JSON.parse(result.content[0].text);
    assert.equal(sales.customer_id, 'C-1001');
    whole ??= sales;
    assert.deepEqual(sales, whole);
  });
}

for (const name of Object.keys(ANONYMOUS)) {
  await step(`${name}, which verifies nobody`, async () => {
    const { statusCode, statusDescription, body } = JSON.parse(await asked(DOORS[name].ask(CALL)));
    assert.deepEqual([statusCode, statusDescription], [401, '401 Unauthorized']);
    assert.match(JSON.parse(body).error.message, /sign in/);
  });
}

await step('Invoke with a notification', async () => {
  const event = { jsonrpc: '2.0', method: 'notifications/initialized' };
  assert.equal(await asked({ event }), '{}');
});

await step('an HTTP API with a notification', async () => {
  const event = httpApi({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }, token('ada'));
  const { statusCode, body } = JSON.parse(await asked({ event }));
  assert.deepEqual([statusCode, body], [202, '']);
});

await step('an HTTP API with a GET, which would hold a stream open', async () => {
  const event = structuredClone(DOORS['HTTP API'].ask(CALL, 'ada').event);
  Object.assign(event, { body: undefined, headers: { ...event.headers, accept: 'text/event-stream' } });
  event.requestContext.http.method = 'GET';
  const { statusCode, headers } = JSON.parse(await asked({ event }));
  assert.deepEqual([statusCode, headers.allow.includes('POST')], [405, true]);
});

await step('a REST API whose headers are null', async () => {
  const event = { ...restApi(message(CALL), 'ada'), headers: null, multiValueHeaders: null };
  const { statusCode } = JSON.parse(await asked({ event }));
  assert.ok(statusCode >= 400 && statusCode < 500, statusCode);
});

await step('an HTTP API with a body in Base64', async () => {
  const plain = DOORS['HTTP API'].ask(CALL, 'ada').event;
  const event = { ...plain, body: Buffer.from(plain.body).toString('base64'), isBase64Encoded: true };
  assert.deepEqual(DOORS['HTTP API'].read(await asked({ event }), CALL).structuredContent, whole);
});

await step('an HTTP API with a body that is no Base64', async () => {
  const event = { ...DOORS['HTTP API'].ask(CALL, 'ada').event, isBase64Encoded: true };
  assert.equal(JSON.parse(await asked({ event })).statusCode, 400);
});

for (const name of ['AgentCore Gateway', 'Bedrock Agents, function', 'Bedrock Agents, OpenAPI']) {
  for (const [what, call] of [
    ['an unknown tool', { ...CALL, tool: 'forecast' }],
    ['an argument that is too large', { ...CALL, args: { ...CALL.args, months: 100_000 } }],
  ]) {
    await step(`${name} with ${what}`, async () => {
      const { isError } = DOORS[name].read(await asked(DOORS[name].ask(call, 'ada')), call);
      assert.equal(isError, true);
    });
  }
}

await step('an event of a queue', async () => {
  const event = { Records: [{ messageId: '1', body: '{}', eventSource: 'aws:sqs' }] };
  const { errorType, errorMessage } = JSON.parse(await asked({ event }));
  assert.equal(errorType, 'UnknownEvent');
  assert.match(errorMessage, /check what invokes the function/);
});
