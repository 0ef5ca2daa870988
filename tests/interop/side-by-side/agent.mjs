// An agent of Amazon Bedrock calls the same operations of a server here, as a Lambda function, and of two handlers in
// Python: `node agent.mjs FUNCTION-URL PROGRAM FOLDER`. The program prints the schema of its action group; the handlers are
// in the folder, one written by hand and one with Powertools. All refuse the same, each in its own words, and what
// succeeds is the same.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { step } from '../clients/steps.mjs';
import { PYTHON_AWS, PYTHON_FASTMCP, launch } from '../processes.mjs';

const [url, program, folder] = process.argv.slice(2);

/** A handler that takes events and gives replies, until it is closed. */
function handler(python, module) {
  const command = [python, join(import.meta.dirname, 'drive.py'), folder, module];
  const child = launch(command, { stdio: ['pipe', 'pipe', 'inherit'] });
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(event) {
      child.stdin.write(`${event}\n`);
      const { value } = await replies.next();
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}

const byHand = handler(PYTHON_FASTMCP, 'handler');
const powertools = handler(PYTHON_AWS, 'powertools');
const here = { ask: async (event) => (await fetch(url, { method: 'POST', body: event })).json() };

/** What the agent sends: all values are texts. */
function event(operation, args) {
  const properties = Object.entries(args).map(([name, value]) => ({ name, type: 'string', value: String(value) }));
  return {
    messageVersion: '1.0',
    agent: { name: 'sales', id: 'AGENT1', alias: 'TSTALIASID', version: 'DRAFT' },
    inputText: 'How much?',
    sessionId: '123456789012345',
    actionGroup: 'sales',
    apiPath: `/${operation}`,
    httpMethod: 'POST',
    parameters: [],
    requestBody: { content: { 'application/json': { properties } } },
    sessionAttributes: { language: 'en' },
    promptSessionAttributes: {},
  };
}

/** What one of them replies: a status, and what it says, as JSON where it is that. */
async function asked(one, operation, args) {
  const { response, messageVersion } = await one.ask(JSON.stringify(event(operation, args)));
  const { httpStatusCode, responseBody, ...about } = response;
  assert.equal(messageVersion, '1.0');
  assert.deepEqual(about, { actionGroup: 'sales', apiPath: `/${operation}`, httpMethod: 'POST' });
  const { body } = responseBody['application/json'];
  return { status: httpStatusCode, said: /^["{]/.test(body) ? JSON.parse(body) : body };
}

async function succeeds(operation, args, expected) {
  for (const one of [here, byHand, powertools]) {
    assert.deepEqual(await asked(one, operation, args), { status: 200, said: expected });
  }
}

async function fails(operation, args, ones = [here, byHand, powertools]) {
  for (const one of ones) {
    const { status, said } = await asked(one, operation, args);
    assert.ok(status >= 400 && status < 500, `${operation} ${JSON.stringify(args)}: ${status} ${JSON.stringify(said)}`);
  }
}

await step('describe the same operations', () => {
  const load = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))';
  const written = JSON.parse(execFileSync(PYTHON_FASTMCP, ['-c', load, join(folder, 'openapi.yaml')]));
  const printed = JSON.parse(execFileSync(program, ['definitions']));
  const brief = ({ paths }) =>
    Object.entries(paths).map(([path, { post }]) => {
      const takes = post.requestBody.content['application/json'].schema;
      const gives = post.responses['200'].content['application/json'].schema;
      const types = ({ properties = {} }) => Object.entries(properties).map(([name, { type }]) => [name, type]).toSorted();
      return [path, post.operationId, post.description, types(takes), takes.required.toSorted(), gives.type, types(gives)];
    });
  assert.deepEqual(brief(printed), brief(written));
});
await step('record and add up', async () => {
  await succeeds('record_sale', { customer: 'C-1', cents: 500 }, 'recorded 500 cents of C-1');
  const total = { customer: 'C-1', months: 12, total_cents: 500 };
  await succeeds('get_sales', { customer: 'C-1' }, total);
  await succeeds('get_sales', { customer: 'C-1', months: 60 }, { ...total, months: 60 });
});
await step('refuse what is wrong', async () => {
  await fails('get_sales', { customer: 'C-1', months: 0 });
  await fails('get_sales', { customer: 'C-1', months: 61 });
  await fails('get_sales', { customer: 'C-1', months: 'many' });
  await fails('get_sales', { customer: 'C-9' });
  await fails('get_sales', { months: 1 });
  await fails('record_sale', { customer: 'C-1', cents: -1 });
  // Powertools takes what it does not know, and leaves it aside.
  await fails('get_sales', { customer: 'C-1', years: 1 }, [here, byHand]);
});
byHand.close();
powertools.close();
