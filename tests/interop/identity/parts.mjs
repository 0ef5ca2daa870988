// What is run of identities: `identity` has the users of a Cognito, which moto plays, ask `payroll` as HTTP host and as
// Lambda function, and published clients find out where to sign in.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { emulate } from '../lambda/emulators.mjs';
import { gateway } from '../lambda/gateway.mjs';
import { AWS, NODE, PYTHON_AWS, serve, withMoto } from '../processes.mjs';
import { notRun, serving, verdict } from '../verdicts.mjs';

const run = promisify(execFile);
const program = (name, ...args) => [NODE, join(import.meta.dirname, name), ...args];

const HOST = 'https://payroll.example.com';

// How clients reach a function, and what API Gateway does to a challenge on the way.
const FRONTS = [
  { title: 'a Function URL', at: '/mcp', like: { authorizer: undefined } },
  { title: 'a stage that keeps the challenge', at: '/prod/mcp', like: { authorizer: undefined, stage: 'prod' } },
  { title: 'an HTTP API', at: '/mcp', like: { authorizer: undefined, renames: true } },
  {
    title: 'a stage of an API with `.well-known` mapped to it',
    at: '/prod/mcp',
    like: { authorizer: undefined, stage: 'prod', mapped: true, renames: true },
  },
];

const identity = () => withCognito(users);

/** Has a Cognito, which moto plays, as long as `work(cognito, address)` goes on. */
export const withCognito = (work) =>
  withMoto(async (address) => {
    const environment = { ...process.env, ...AWS, AWS_ENDPOINT_URL: address };
    const { stdout } = await run(PYTHON_AWS, [join(import.meta.dirname, 'cognito.py')], { env: environment });
    await work(JSON.parse(stdout), address);
  });

/** What `payroll` has to know of it. */
export function poolOf(cognito, address) {
  return {
    PAYROLL_USER_POOL: cognito.pool,
    PAYROLL_CLIENTS: cognito.client,
    PAYROLL_JWKS_URL: `${address}/${cognito.pool}/.well-known/jwks.json`,
  };
}

async function users(cognito, address) {
  const pool = poolOf(cognito, address);
  const known = { COGNITO: JSON.stringify(cognito), COGNITO_ADDRESS: address };
  await serving(
    () => serve('payroll', [], pool),
    ({ url }) => verdict('users of Cognito ask payroll over HTTP', program('users.mjs', url), known),
  );
  await serving(
    () => serve('payroll', [], { ...pool, PAYROLL_RESOURCE_SERVER: `${HOST}/mcp` }),
    ({ url }) => verdict('tokens of Cognito without a scope of ours', program('strangers.mjs', url), known),
  );
  if (process.platform !== 'linux') {
    return notRun('payroll as a function', 'the emulator is a program for Linux');
  }
  await serving(
    () => emulate('payroll', pool),
    (server) =>
      fronted(server, { authorizer: undefined }, (url) =>
        verdict('users of Cognito ask payroll as a function', program('users.mjs', url), known),
      ),
  );
  for (const { title, at, like } of FRONTS) {
    const environment = { ...pool, PAYROLL_RESOURCE_SERVER: HOST + at, MCP_PUBLIC_URL: HOST + at };
    await serving(
      () => emulate('payroll', environment),
      (server) =>
        fronted(server, like, (url) =>
          verdict(`clients find the sign-in behind ${title}`, program('discovery.mjs', url, HOST + at), known),
        ),
    );
  }
}

/** Has a gateway of this kind in front of a function as long as `work(url)` goes on. */
async function fronted({ url }, like, work) {
  const front = await gateway(url, 1, like);
  try {
    return await work(front.url);
  } finally {
    await front.stop();
  }
}

/** The parts, in the order in which they run. */
export const IDENTITY_PARTS = { identity };
