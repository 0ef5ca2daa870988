// Programs that the interoperability tests run: where they are, how they start and how they end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const here = (path) => join(import.meta.dirname, path);

/** The Node of package.json; the suite needs a newer one than many machines have. */
export const NODE = here('node_modules/.bin/node');

/** The Python of requirements.txt. */
export const PYTHON = here('.venv/bin/python');

/** The Python of requirements-aws.txt. */
export const PYTHON_AWS = here('.venv-aws/bin/python');

/** The Python of requirements-fastmcp.txt. */
export const PYTHON_FASTMCP = here('.venv-fastmcp/bin/python');

/** Programs that came with `PYTHON_AWS`. */
export const [CARGO_LAMBDA, CFN_LINT, MOTO_SERVER] = ['cargo-lambda', 'cfn-lint', 'moto_server'].map((program) =>
  here(`.venv-aws/bin/${program}`),
);

/** The Inspector, whose `--cli` is a client for one request. */
export const INSPECTOR = here('node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** AWS's Runtime Interface Emulator. */
export const EMULATOR = here('.aws/aws-lambda-rie');

/** Enough for AWS's libraries, whatever else the environment says. */
export const AWS = {
  AWS_ACCESS_KEY_ID: 'interop',
  AWS_SECRET_ACCESS_KEY: 'interop',
  AWS_SESSION_TOKEN: undefined,
  AWS_REGION: 'eu-central-1',
  AWS_DEFAULT_REGION: 'eu-central-1',
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

/** Builds and runs the tests of the examples that have AWS's SDK in them; at once, since they share what is below it. */
export const CARGO_TEST_AWS = [
  ...['cargo', 'test', '--locked', '--manifest-path', here('../../Cargo.toml')],
  ...['sales-data', 'documents', 'patients', 'mcp-guide'].flatMap((name) => ['--package', name]),
  ...['--features', 'sales-data/dynamodb,documents/s3,patients/comprehend,mcp-guide/exporters-and-secrets'],
];

/** How long building them may take. */
export const BUILD_MINUTES = 40;

const INSTALLED = [
  NODE,
  PYTHON,
  PYTHON_AWS,
  PYTHON_FASTMCP,
  CARGO_LAMBDA,
  CFN_LINT,
  MOTO_SERVER,
  INSPECTOR,
  EMULATOR,
];
for (const program of INSTALLED.filter((program) => !existsSync(program))) {
  console.error(`${program} is missing: run tests/interop/setup.sh`);
  process.exit(2);
}

/** Where the manifest of the workspace is. */
export const WORKSPACE = here('../..');

const START_MS = 60_000;
const END_MS = 10_000;
const KEPT_LOG = 16_384;

/** A program of this workspace that was built before. */
export function built(name) {
  return join(resolve(WORKSPACE, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug', name);
}

const running = new Set();

// Whatever ends the tests, ends what they started.
process.once('exit', () => running.forEach((child) => signal(child, 'SIGTERM')));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(name, () => process.exit(1));
}

/** Starts a program as the head of a group of processes, which ends with the tests at the latest. */
export function launch([program, ...args], options = {}) {
  const { environment = {}, ...others } = options;
  const child = spawn(program, args, { env: { ...process.env, ...environment }, detached: true, ...others });
  running.add(child);
  child.once('error', () => running.delete(child)).once('exit', () => running.delete(child));
  return child;
}

/** Sends a signal to a program and to what it started. */
export function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It did not start, or has ended.
  }
}

/** Starts an HTTP server of this workspace on a port of its own, and returns once it takes connections. */
export async function serve(name, args = [], environment = {}) {
  const port = await freePort();
  const bind = `127.0.0.1:${port}`;
  const server = await start(name, port, [built(name), ...args], { ...environment, MCP_BIND: bind });
  server.url = `http://${bind}/mcp`;
  return server;
}

/** Starts a program that serves, and returns once the port takes connections. */
export async function start(name, port, command, environment = {}, options = {}) {
  const server = new Server(name, launch(command, { environment, stdio: ['ignore', 'pipe', 'pipe'], ...options }));
  try {
    await server.accepts(port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** Has a moto, which plays AWS, as long as `work(address)` goes on. */
export async function withMoto(work) {
  const port = await freePort();
  const moto = await start('moto', port, [MOTO_SERVER, '--host', '127.0.0.1', '--port', `${port}`], AWS);
  try {
    await work(`http://127.0.0.1:${port}`);
  } finally {
    await moto.stop();
  }
}

/** A program that goes on until it is asked to end. */
export class Server {
  #child;
  #log = '';
  #ended;

  constructor(name, child) {
    this.name = name;
    this.#child = child;
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (text) => {
        this.#log = (this.#log + text).slice(-KEPT_LOG);
      });
    }
    this.#ended = new Promise((ended) => {
      child.once('error', (error) => ended(error.message));
      child.once('close', (code, signal) => ended(signal ?? `exit code ${code}`));
    });
  }

  /** The last that the program wrote. */
  get log() {
    return this.#log;
  }

  /** The id of the process. */
  get pid() {
    return this.#child.pid;
  }

  /** Ends the program without asking it. */
  async kill() {
    signal(this.#child, 'SIGKILL');
    await this.#ended;
  }

  /** Waits until the port takes connections, the program ends, or the time is up. */
  async accepts(port) {
    const deadline = Date.now() + START_MS;
    let ended;
    this.#ended.then((how) => (ended = how));
    while (!(await answers(port))) {
      if (ended !== undefined) {
        throw new Error(`\`${this.name}\` ended (${ended}) instead of listening on ${port}:\n${this.#log}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`\`${this.name}\` does not listen on ${port} after ${START_MS / 1000} s:\n${this.#log}`);
      }
      await delay(20);
    }
  }

  /** Asks the program to end, as a platform does, and tells how it did. */
  async stop() {
    signal(this.#child, 'SIGTERM');
    const timer = setTimeout(() => signal(this.#child, 'SIGKILL'), END_MS);
    const how = await this.#ended;
    clearTimeout(timer);
    return how;
  }
}

/** A port that nothing listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port) {
  return new Promise((answered) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => answered(true)).once('error', () => answered(false));
    socket.once('connect', () => socket.destroy());
  });
}
