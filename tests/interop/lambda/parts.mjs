// What is run of Lambda functions, by name.
//
// `lambda-doors` has one function answer everybody who invokes functions, many at a time, and fail; `lambda-suite` is
// the conformance suite; `lambda-clients` is each published client, and AWS's own; `lambda-watch` sees replies stream;
// `lambda-dynamodb` runs the tests of the examples with AWS's SDK in them, those of `sales-data` against an emulated table;
// `templates` lints the deployments.

import { delimiter, dirname, join } from 'node:path';

import { conversations, withDatabase } from '../conversations.mjs';
import {
  AWS,
  BUILD_MINUTES,
  CARGO_TEST_AWS,
  CFN_LINT,
  NODE,
  PYTHON_AWS,
  WORKSPACE,
  withMoto,
} from '../processes.mjs';
import { judged, notRun, serving, verdict } from '../verdicts.mjs';
import { emulate, emulateConcurrently, noConcurrency, watch } from './emulators.mjs';
import { gateway } from './gateway.mjs';

// More subscriptions than any client opens, and longer than any waits.
const MOST = 32;
const STREAMED = { MCP_RESPONSE_MODE: 'stream' };
const WITH_SUBSCRIPTIONS = { ...STREAMED, MCP_SUBSCRIPTION_SECONDS: '120' };

const program = (interpreter, name, ...args) => [interpreter, join(import.meta.dirname, '..', name), ...args];

// A function as long as `work(function)` goes on: with one invocation at a time, with several, or streaming.
const emulated = (name, environment, work) => serving(() => emulate(name, environment), work);
const concurrent = (name, work) => serving(() => emulateConcurrently(name, MOST), work);
const streaming = (name, environment, work) => {
  return serving(() => watch(name, MOST, { ...WITH_SUBSCRIPTIONS, ...environment }), work);
};

/** Has a gateway in front of a function, which gets up to `most` requests at a time, as long as `work(url)` goes on. */
const behindGateway = (most, work) => async (server) => {
  const front = await gateway(server.url, most);
  try {
    return await work(front.url);
  } finally {
    await front.stop();
  }
};

async function doors() {
  await withDatabase((database) =>
    emulated('sales-data', database, ({ url }) =>
      verdict('everybody who invokes functions', program(NODE, 'lambda/doors.mjs', url)),
    ),
  );
  await emulated('lambda-trouble', {}, ({ url }) =>
    verdict('what goes wrong in a function', program(NODE, 'lambda/trouble.mjs', url)),
  );
  await emulated('lambda-trouble', { AWS_LAMBDA_FUNCTION_TIMEOUT: '4' }, ({ url }) =>
    verdict('deadlines of a function', program(NODE, 'lambda/deadline.mjs', url)),
  );
  const crowd = 'a crowd of invocations at a time';
  const why = noConcurrency();
  await (why
    ? notRun(crowd, why)
    : concurrent('lambda-trouble', ({ url }) => verdict(crowd, program(NODE, 'lambda/crowd.mjs', url))));
}

async function suite() {
  const judge = (title, host) => (url) => judged(title, program(NODE, 'conformance.mjs', url, host));
  const once = 'conformance suite, function';
  await emulated('conformance', {}, behindGateway(1, judge(once, 'function')));
  const streamed = 'conformance suite, function that streams';
  await emulated('conformance', STREAMED, behindGateway(1, judge(streamed, 'function')));
  const subscribed = 'conformance suite, function with subscriptions';
  await streaming('conformance', {}, behindGateway(MOST, judge(subscribed, 'function-with-subscriptions')));
  const several = 'conformance suite, function with several invocations at a time';
  const why = noConcurrency();
  await (why ? notRun(several, why) : concurrent('conformance', behindGateway(MOST, judge(several, 'function'))));
}

async function clients() {
  const talk = (conversation, kind) => (url) => conversations(conversation, kind, url);
  await emulated('conformance', {}, behindGateway(1, talk('fixture', 'function')));
  await withDatabase((database) => emulated('sales-data', database, behindGateway(1, talk('sales', 'function'))));
  await streaming('conformance', {}, behindGateway(MOST, talk('fixture', 'streaming-function')));
  await withDatabase((database) =>
    streaming('sales-data', database, behindGateway(MOST, talk('sales', 'streaming-function'))),
  );
  await withDatabase((database) =>
    emulated('sales-data', database, ({ endpoint }) =>
      verdict('run-mcp-servers-with-aws-lambda, sales over Invoke', program(PYTHON_AWS, 'clients/aws_invoke.py'), {
        ...AWS,
        AWS_ENDPOINT_URL_LAMBDA: endpoint,
      }),
    ),
  );
}

const streams = () =>
  withDatabase((database) =>
    streaming('sales-data', database, ({ url, functionUrl }) =>
      verdict('replies that are streamed', program(NODE, 'lambda/chunks.mjs', url, functionUrl)),
    ),
  );

const dynamodb = () =>
  withMoto((address) =>
    verdict(
      'sales-data on a DynamoDB table, documents, and patients with a redactor that asks a service',
      CARGO_TEST_AWS,
      { ...AWS, SALES_TEST_DYNAMODB: address },
      BUILD_MINUTES,
    ),
  );

async function templates() {
  const directory = join(WORKSPACE, 'examples/sales-data/deploy');
  const path = [dirname(CFN_LINT), process.env.PATH].join(delimiter);
  await verdict('templates of sales-data', ['sh', join(directory, 'check.sh')], { PATH: path });
  const service = join(WORKSPACE, 'examples/log-stream/deploy/service.yaml');
  await verdict('template of log-stream', [CFN_LINT, '--include-checks', 'I', '--', service]);
}

/** A part that takes the emulator. */
const onLinux = (name, part) => [
  name,
  () => (process.platform === 'linux' ? part() : notRun(name, 'the emulator is a program for Linux')),
];

/** The parts, in the order in which they run. */
export const LAMBDA_PARTS = Object.fromEntries([
  onLinux('lambda-doors', doors),
  onLinux('lambda-suite', suite),
  onLinux('lambda-clients', clients),
  ['lambda-watch', streams],
  ['lambda-dynamodb', dynamodb],
  ['templates', templates],
]);
