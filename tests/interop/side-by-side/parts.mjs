// What is run of servers that are written several times: `side-by-side` has one client ask those of `tests/side-by-side`,
// here, with rmcp and with FastMCP, and gets the same answers; an agent of Bedrock gets them from three functions.
//
// `cargo build -p mcp-side-by-side --features peers --bins` builds those with rmcp.

import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';

import { emulate } from '../lambda/emulators.mjs';
import { NODE, PYTHON_FASTMCP, WORKSPACE, built, freePort, start } from '../processes.mjs';
import { notRun, serving, verdict } from '../verdicts.mjs';
import { token } from './tokens.mjs';

const servers = (...path) => join(WORKSPACE, 'tests/side-by-side', ...path);
const program = (name, ...args) => [NODE, join(import.meta.dirname, name), ...args];

const PEERS = [
  { peer: 'here', command: (server) => [built(`here-${server}`)] },
  { peer: 'rmcp', command: (server) => [built(`rmcp-${server}`)] },
  { peer: 'FastMCP', command: (server) => [PYTHON_FASTMCP, servers('fastmcp', `${server}.py`)] },
];

const MODES = ['auto', 'legacy'];
const PYTHON = { PYTHONPATH: servers('shop'), PYTHONDONTWRITEBYTECODE: '1' };

async function sideBySide() {
  for (const { peer, command } of PEERS) {
    for (const mode of MODES) {
      for (const server of ['hello', 'refund']) {
        await verdict(`${server}, ${peer}, ${mode}`, program('same.mjs', server, mode, ...command(server)), PYTHON);
      }
      await sales(peer, mode, command('sales'));
    }
  }
  await actionGroups();
  const page = join(WORKSPACE, 'docs/coming-from/README.md');
  await verdict('the page counts as the script does', [NODE, servers('count.mjs'), page]);
}

/** Has a server with a ledger of its own, as long as one conversation goes on. */
async function sales(peer, mode, command) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' };
  const port = await freePort();
  const server = await start(`sales, ${peer}`, port, command, {
    ...PYTHON,
    MCP_BIND: `127.0.0.1:${port}`,
    FASTMCP_PORT: `${port}`,
    MCP_JWKS: JSON.stringify({ keys: [key] }),
    JWT_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }),
  });
  const of = (claims) => token(privateKey, key.kid, claims);
  const tokens = {
    alice: of({ sub: 'alice' }),
    bob: of({ sub: 'bob' }),
    elsewhere: of({ sub: 'alice', aud: 'payroll' }),
    stranger: of({ sub: 'alice', iss: 'https://id.example.org' }),
    late: of({ sub: 'alice', exp: Math.floor(Date.now() / 1000) - 3600 }),
  };
  try {
    const talk = program('same.mjs', 'sales', mode, `http://127.0.0.1:${port}/mcp`);
    const good = await verdict(`sales, ${peer}, ${mode}`, talk, { TOKENS: JSON.stringify(tokens) });
    if (!good) {
      console.log(`\nlog of sales, ${peer}:\n${server.log}`);
    }
  } finally {
    await server.stop();
  }
}

async function actionGroups() {
  if (process.platform !== 'linux') {
    return notRun('an agent of Bedrock', 'the emulator is a program for Linux');
  }
  const agent = (url) => program('agent.mjs', url, built('here-action-group'), servers('action-group'));
  await serving(
    () => emulate('here-action-group'),
    ({ url }) => verdict('an agent of Bedrock asks here and two handlers in Python', agent(url), PYTHON),
  );
}

/** The parts, in the order in which they run. */
export const SIDE_BY_SIDE_PARTS = { 'side-by-side': sideBySide };
