// Two instances of a server that share a Redis, behind haproxy: what a service on several machines is.
//
// haproxy gives each request to the next instance, whoever sends it, closes what is silent for 5 seconds, and asks
// `/readyz` which instances there are.

import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { built, start } from '../processes.mjs';

/** How long haproxy lets an instance be silent. */
export const SERVER_TIMEOUT_SECONDS = 5;

/** Names the instance that answered, in each reply that haproxy passes on. */
export const INSTANCE_HEADER = 'x-instance';

// They keep no secret.
const KEYS = { MCP_SEAL_KEYS: `k1:${Buffer.alloc(32, 'interop').toString('base64')}` };

const NAMES = ['a', 'b'];

const runs = (program, ...args) => spawnSync(program, args).status === 0;

/** Debian has it where the paths of other users than root do not lead. */
const HAPROXY = ['haproxy', '/usr/sbin/haproxy'].find((program) => runs(program, '-v'));

/** Why there can be no fleet on this machine; nothing if there can. */
export function noFleet() {
  const missing = [...(HAPROXY ? [] : ['haproxy']), ...(runs('redis-server', '--version') ? [] : ['redis-server'])];
  return missing.length > 0 ? `${missing.join(' and ')} cannot be run` : undefined;
}

export class Fleet {
  #name;
  #environment;
  #directory;
  #haproxy;
  #redisPort;
  #redis;
  #over = false;

  /** Has two instances of a program of this workspace, with what `environment` says. */
  static async start(name, environment = {}) {
    const fleet = new Fleet();
    fleet.#name = name;
    fleet.instances = [];
    fleet.#directory = await mkdtemp(join(tmpdir(), 'mcp-fleet-'));
    process.once('exit', () => fleet.#leave());
    fleet.#redisPort = await steadyPort();
    fleet.#environment = {
      ...KEYS,
      MCP_REDIS_URL: `redis://127.0.0.1:${fleet.#redisPort}`,
      ...environment,
    };
    await fleet.startRedis();
    for (const index of NAMES.keys()) {
      const port = await steadyPort();
      fleet.instances[index] = { port, url: `http://127.0.0.1:${port}/mcp` };
      await fleet.#launch(index);
    }
    await fleet.#balance();
    return fleet;
  }

  async #launch(index) {
    const instance = this.instances[index];
    const environment = { ...this.#environment, MCP_BIND: `127.0.0.1:${instance.port}` };
    const name = `${this.#name} ${NAMES[index]}`;
    instance.server = await start(name, instance.port, [built(this.#name)], environment);
  }

  async #balance() {
    const port = await steadyPort();
    const file = join(this.#directory, 'haproxy.cfg');
    await writeFile(file, configuration(port, this.instances));
    this.#haproxy = await start('haproxy', port, [HAPROXY, '-db', '-f', file]);
    this.url = `http://127.0.0.1:${port}/mcp`;
    await Promise.all(NAMES.map((name) => this.#serves(name)));
  }

  /** Waits until haproxy gives requests to an instance. */
  async #serves(name) {
    for (;;) {
      const reply = await fetch(this.url, { method: 'PUT' });
      await reply.text();
      if (reply.headers.get(INSTANCE_HEADER) === name) {
        return;
      }
      await delay(20);
    }
  }

  /** Asks an instance to end, and has another one in its place. Returns how it ended. */
  async replace(index) {
    const how = await this.instances[index].server.stop();
    await this.#launch(index);
    await this.#serves(NAMES[index]);
    return how;
  }

  /** How often haproxy found no listener at an instance and tried again, there or at the other one. */
  async retries() {
    const csv = await (await fetch(new URL('/stats;csv', this.url))).text();
    const [columns, ...rows] = csv.replace(/^# /, '').trim().split('\n').map((line) => line.split(','));
    const total = rows.find((row) => row[0] === 'instances' && row[1] === 'BACKEND');
    return Number(total[columns.indexOf('wretr')]) + Number(total[columns.indexOf('wredis')]);
  }

  async startRedis() {
    const where = ['--bind', '127.0.0.1', '--port', `${this.#redisPort}`, '--dir', this.#directory];
    const command = ['redis-server', ...where, '--save', '', '--appendonly', 'no'];
    this.#redis = await start('redis', this.#redisPort, command);
  }

  async killRedis() {
    await this.#redis.kill();
  }

  get name() {
    return `${this.#name}, ${NAMES.length} instances`;
  }

  /** The last that the instances wrote. */
  get log() {
    return this.instances.map(({ server }) => `${server?.name}:\n${server?.log}`).join('\n');
  }

  /** Ends everything. Returns how the instances ended, once if all ended alike. */
  async stop() {
    const ended = await Promise.all(this.instances.map(({ server }) => server.stop()));
    await this.#haproxy.stop();
    await this.#redis.stop();
    this.#over = true;
    return [...new Set(ended)].join(', ');
  }

  /** Whoever ends before the fleet does has met with something, and the logs may tell what. */
  #leave() {
    rmSync(this.#directory, { recursive: true });
    if (!this.#over) {
      console.log(`\n${this.log}`);
    }
  }
}

/** How much memory an instance has. Linux knows; nothing elsewhere. */
export function residentKib({ server }) {
  if (process.platform !== 'linux') {
    return undefined;
  }
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]);
}

/** How many files and connections an instance has open. Linux knows; nothing elsewhere. */
export function openFiles({ server }) {
  return process.platform === 'linux' ? readdirSync(`/proc/${server.pid}/fd`).length : undefined;
}

// What is said here of times and retries is what a load balancer of AWS does: it closes silent connections, asks for
// the health of its targets, and sends a request to another one if the first takes no connection.
function configuration(port, instances) {
  const servers = instances.map((instance, index) => `  server ${NAMES[index]} 127.0.0.1:${instance.port}`);
  return `
global
  maxconn 2000
defaults
  mode http
  option http-no-delay
  timeout connect 1s
  timeout client 1h
  timeout http-keep-alive 60s
  timeout server ${SERVER_TIMEOUT_SECONDS}s
  retries 3
  option redispatch 1
frontend clients
  bind 127.0.0.1:${port}
  stats enable
  stats uri /stats
  default_backend instances
backend instances
  balance roundrobin
  option httpchk
  http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host localhost
  http-response set-header ${INSTANCE_HEADER} %s
  default-server check inter 200ms fall 1 rise 1
${servers.join('\n')}
`;
}

/** A port that nothing listens on, and that the system gives to no outgoing connection while its server is away. */
async function steadyPort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    const [how] = await Promise.race([
      once(server, 'listening').then(() => ['free']),
      new Promise((taken) => server.once('error', () => taken(['taken']))),
    ]);
    if (how === 'free') {
      server.close();
      await once(server, 'close');
      return port;
    }
  }
}
