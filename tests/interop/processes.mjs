// Programs that the interoperability tests run: where they are, how they start and how they end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The Node of package.json; the suite needs a newer one than many machines have. */
export const NODE = join(import.meta.dirname, 'node_modules/.bin/node');

/** The Python of requirements.txt. */
export const PYTHON = join(import.meta.dirname, '.venv/bin/python');

for (const program of [NODE, PYTHON].filter((program) => !existsSync(program))) {
  console.error(`${program} is missing: run tests/interop/setup.sh`);
  process.exit(2);
}

const WORKSPACE = join(import.meta.dirname, '../..');
const START_MS = 30_000;
const END_MS = 10_000;
const KEPT_LOG = 16_384;

/** A program of this workspace that was built before. */
export function built(name) {
  return join(resolve(WORKSPACE, process.env.CARGO_TARGET_DIR ?? 'target'), 'debug', name);
}

/** Starts an HTTP server of this workspace on a port of its own, and returns once it takes connections. */
export async function serve(name, args = [], environment = {}) {
  const port = await freePort();
  const bind = `127.0.0.1:${port}`;
  const child = spawn(built(name), args, {
    env: { ...process.env, ...environment, MCP_BIND: bind },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const server = new Server(name, child, `http://${bind}/mcp`);
  try {
    await server.accepts(port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

class Server {
  #name;
  #child;
  #log = '';
  #ended;

  constructor(name, child, url) {
    this.#name = name;
    this.#child = child;
    this.url = url;
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#log = (this.#log + text).slice(-KEPT_LOG);
    });
    this.#ended = new Promise((ended) => {
      child.once('error', (error) => ended(error.message));
      child.once('close', (code, signal) => ended(signal ?? `exit code ${code}`));
    });
  }

  /** The last that the server wrote to its standard error. */
  get log() {
    return this.#log;
  }

  /** Waits until the port takes connections, the program ends, or the time is up. */
  async accepts(port) {
    const deadline = Date.now() + START_MS;
    let ended;
    this.#ended.then((how) => (ended = how));
    while (!(await answers(port))) {
      if (ended !== undefined) {
        throw new Error(`\`${this.#name}\` ended (${ended}) instead of listening on ${port}:\n${this.#log}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`\`${this.#name}\` does not listen on ${port} after ${START_MS / 1000} s:\n${this.#log}`);
      }
      await delay(20);
    }
  }

  /** Asks the server to end, as a container platform does, and tells how it did. */
  async stop() {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    const how = await this.#ended;
    clearTimeout(timer);
    return how;
  }
}

async function freePort() {
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
