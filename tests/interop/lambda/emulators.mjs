// Lambda functions of this workspace without AWS: under its Runtime Interface Emulator, or under `cargo lambda watch`.

import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CARGO_LAMBDA, EMULATOR, Server, built, freePort, launch, start } from '../processes.mjs';

// What clients hold is sealed with it. A function gets its keys from outside; these keep no secret.
const KEYS = { MCP_SEAL_KEYS: `k1:${Buffer.alloc(32, 'interop').toString('base64')}` };

/** Starts the emulator through `command`; it starts the function when the first invocation comes. */
async function emulator(name, command, environment) {
  const [front, runtime] = [await freePort(), await freePort()];
  const addresses = {
    '--runtime-interface-emulator-address': `127.0.0.1:${front}`,
    '--runtime-api-address': `127.0.0.1:${runtime}`,
  };
  const whole = command([EMULATOR, ...Object.entries(addresses).flat()]);
  const server = await start(name, front, whole, { ...KEYS, ...environment });
  server.endpoint = `http://127.0.0.1:${front}`;
  server.url = `${server.endpoint}/2015-03-31/functions/function/invocations`;
  return server;
}

/** A function that has one invocation at a time. */
export function emulate(name, environment = {}) {
  return emulator(name, (emulator) => [...emulator, built(name)], environment);
}

// With several at a time, the emulator runs `/var/task/bootstrap` and nothing else, as a user of its own. What is
// mounted inside `unshare` nobody else sees, and it goes with the emulator.
const MOUNT = 'mount -t tmpfs -o mode=755 none /var';
const INSTALL = 'mkdir /var/task && cp "$0" /var/task/bootstrap';

/** Why no function can have several invocations at a time on this machine; nothing if one can. */
export function noConcurrency() {
  const { status } = spawnSync('unshare', ['--mount', 'sh', '-c', MOUNT]);
  return status === 0 ? undefined : 'it takes the right to mount, which root on Linux has';
}

/** A function that has up to `most` invocations at a time in one process, as on Lambda Managed Instances. */
export function emulateConcurrently(name, most, environment = {}) {
  const script = `${MOUNT} && ${INSTALL} && exec "$@"`;
  const command = (emulator) => ['unshare', '--mount', 'sh', '-c', script, built(name), ...emulator];
  return emulator(name, command, { AWS_LAMBDA_MAX_CONCURRENCY: String(most), ...environment });
}

/** A function whose replies are streamed while it works, with up to `most` invocations at a time. */
export async function watch(name, most, environment = {}) {
  const port = await freePort();
  const apis = await runtimeApis(port);
  const endpoint = `http://127.0.0.1:${port}`;
  const lambda = {
    AWS_LAMBDA_RUNTIME_API: `${endpoint}/.rt`,
    AWS_LAMBDA_FUNCTION_NAME: '_',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '4096',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_MAX_CONCURRENCY: String(most),
  };
  const options = { environment: { ...KEYS, ...lambda, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] };
  const server = new Server(name, launch([built(name)], options));
  return {
    name,
    functionUrl: `${endpoint}/mcp`,
    url: `${endpoint}/2015-03-31/functions/_/invocations`,
    get log() {
      return `${apis.log}${server.log}`;
    },
    async stop() {
      const how = await server.stop();
      await apis.stop();
      return how;
    },
  };
}

/** `cargo lambda watch`, without a function of its own. */
async function runtimeApis(port) {
  // It wants a package, even though it builds none.
  const directory = await mkdtemp(join(tmpdir(), 'mcp-watch-'));
  try {
    await mkdir(join(directory, 'src'));
    await writeFile(join(directory, 'Cargo.toml'), '[package]\nname = "watched"\nedition = "2024"\n');
    await writeFile(join(directory, 'src/main.rs'), 'fn main() {}\n');
    const flags = ['--only-lambda-apis', '--disable-cors', '--invoke-address', '127.0.0.1', '--invoke-port', `${port}`];
    const command = [CARGO_LAMBDA, 'lambda', 'watch', ...flags];
    return await start('cargo lambda watch', port, command, {}, { cwd: directory });
  } finally {
    await rm(directory, { recursive: true });
  }
}
