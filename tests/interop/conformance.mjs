// Judges a server by the official conformance suite: `node conformance.mjs URL [HOST] [SET...]`.
//
// A set is everything that one revision of the protocol requires. The suite itself is content when nothing that it
// scores fails; here each check of each scenario has to succeed, and each scenario has to have run one. A host that
// cannot do everything has a list of what fails there: nothing else may, and nothing of it may succeed unnoticed. Only
// what depends on which instance a request reaches may go either way.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NODE } from './processes.mjs';

const SUITE = join(import.meta.dirname, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');

// What the suite does not score and nobody would miss: the sets must not lose these.
const UNSCORED = ['json-schema-2020-12'];
const UNSCORED_MODERN = [...UNSCORED, 'http-header-validation', 'http-custom-header-server-validation'];

// Scenarios of an extension that the server does not declare. Declaring it means to remove them here.
// Those of another one, `sep-2640-*`, belong to no set.
const UNDECLARED = new Set([
  'tasks-lifecycle',
  'tasks-capability-negotiation',
  'tasks-wire-fields',
  'tasks-request-state-removal',
  'tasks-mrtr-input',
  'tasks-request-headers',
  'tasks-dispatch-and-envelope',
  'tasks-status-notifications',
  'tasks-required-task-error',
  'tasks-mrtr-composition',
]);

const SETS = {
  '2026-07-28': { scenarios: 50, including: UNSCORED_MODERN },
  '2025-11-25': { scenarios: 33, including: UNSCORED },
};

// What one invocation, which ends with its reply, cannot do for a client of the older revisions: keep a session, ask in
// the middle of a call, or tell of changes.
const NO_SESSION = [
  'FAILURE elicitation-sep1034-defaults: elicitation-sep1034-general',
  'FAILURE elicitation-sep1330-enums: elicitation-sep1330-general',
  'FAILURE resources-subscribe: resources-subscribe',
  'FAILURE resources-unsubscribe: resources-unsubscribe',
  'FAILURE server-session-lifecycle: ran no check',
  'WARNING server-sse-multiple-streams: server-sse-multiple-streams-session',
  'WARNING server-sse-polling: server-sse-polling-session',
  'FAILURE tools-call-elicitation: tools-call-elicitation',
  'FAILURE tools-call-sampling: tools-call-sampling',
];
const NO_SUBSCRIPTIONS = [
  'SKIPPED server-stateless: sep-2575-server-sends-prompts-list-changed-on-subscription',
  'SKIPPED server-stateless: sep-2575-server-sends-tools-list-changed-on-subscription',
];

/** What is wrong by design, by the host of the server and the set. */
const HOSTS = {
  server: { '2026-07-28': [], '2025-11-25': [] },
  instances: { '2026-07-28': [], '2025-11-25': [] },
  function: { '2026-07-28': NO_SUBSCRIPTIONS, '2025-11-25': NO_SESSION },
  'function-with-subscriptions': { '2026-07-28': [], '2025-11-25': NO_SESSION },
};

// Of several instances, a reply is taken up again by the one alone that began it, and a client may come to another.
const BY_CHANCE = { instances: ['WARNING server-sse-polling: server-sse-disconnect-resume'] };

const STATUSES = ['SUCCESS', 'INFO', 'FAILURE', 'WARNING', 'SKIPPED'];

/** Runs one set of the suite and gives its exit code; its talk is of no use beside the results it writes. */
async function run(url, set, directory) {
  const suite = spawn(NODE, [SUITE, 'server', '--url', url, '--requirements', set, '-o', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(suite, 'close');
  return code;
}

/** The checks of each scenario that left results, by its name. */
async function results(directory) {
  const scenarios = new Map();
  for (const entry of (await readdir(directory)).sort()) {
    const [, name] = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry) ?? [];
    if (name === undefined || scenarios.has(name)) {
      throw new Error(`\`${entry}\` in ${directory} is no result that this script knows to read`);
    }
    scenarios.set(name, JSON.parse(await readFile(join(directory, entry, 'checks.json'), 'utf8')));
  }
  return scenarios;
}

/** What is wrong with one scenario, and why as far as the suite says. */
function faults(name, checks) {
  const bad = checks
    .filter(({ status }) => status !== 'SUCCESS' && status !== 'INFO')
    .map(({ status, id, errorMessage }) => ({ what: `${status} ${name}: ${id}`, why: errorMessage }));
  if (!checks.some(({ status }) => status === 'SUCCESS') && bad.length === 0) {
    bad.push({ what: `FAILURE ${name}: ran no check` });
  }
  return bad;
}

/** `3 SUCCESS, 1 INFO`, whatever other statuses there are among them. */
function totals(scenarios) {
  const counts = new Map(STATUSES.map((status) => [status, 0]));
  for (const { status } of scenarios.flatMap(([, checks]) => checks)) {
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}

/** Runs one set, prints what came of it and tells whether it holds. */
async function holds(url, host, set) {
  const known = HOSTS[host][set];
  const chance = BY_CHANCE[host] ?? [];
  const { scenarios: expected, including } = SETS[set];
  const directory = await mkdtemp(join(tmpdir(), 'mcp-conformance-'));
  const code = await run(url, set, directory);
  const all = await results(directory);

  const judged = [...all].filter(([name]) => !UNDECLARED.has(name));
  const undeclared = [...all].filter(([name]) => UNDECLARED.has(name));
  const wrong = judged.flatMap(([name, checks]) => faults(name, checks));
  const found = new Set(wrong.map(({ what }) => what));
  const problems = wrong
    .filter(({ what }) => !known.includes(what) && !chance.includes(what))
    .map(({ what, why }) => (why ? `${what}: ${why}` : what));
  for (const what of known.filter((what) => !found.has(what))) {
    problems.push(`FAILURE not found any more, take it off the list: ${what}`);
  }
  if (all.size !== expected) {
    problems.push(`FAILURE ${all.size} scenarios left results instead of ${expected}`);
  }
  for (const name of including.filter((name) => !all.has(name))) {
    problems.push(`FAILURE ${name}: did not run`);
  }
  if (code !== 0 && wrong.length === 0) {
    problems.push(`FAILURE the suite ended with ${code}`);
  }

  console.log(`${set}: ${judged.length} scenarios judged: ${totals(judged)}`);
  if (undeclared.length > 0) {
    console.log(`${set}: ${undeclared.length} scenarios of undeclared extensions, not judged: ${totals(undeclared)}`);
  }
  if (known.length > 0) {
    console.log(`${set}: expected of a ${host}:`);
    known.forEach((what) => console.log(`  ${what}`));
  }
  chance.filter((what) => found.has(what)).forEach((what) => console.log(`${set}: by chance: ${what}`));
  if (problems.length > 0) {
    console.log(`${set}: not expected:`);
  }
  for (const problem of problems) {
    console.log(`  ${problem}`);
  }
  if (problems.length > 0) {
    console.log(`  the results are in ${directory}`);
    return false;
  }
  await rm(directory, { recursive: true });
  return true;
}

const [url, ...chosen] = process.argv.slice(2);
const host = Object.hasOwn(HOSTS, chosen[0]) ? chosen.shift() : 'server';
const sets = chosen.length > 0 ? chosen : Object.keys(SETS);
const unknown = sets.filter((set) => !Object.hasOwn(SETS, set));
if (url === undefined || unknown.length > 0) {
  const [hosts, names] = [HOSTS, SETS].map((table) => Object.keys(table).join('|'));
  console.error(`usage: node conformance.mjs URL [${hosts}] [${names}]...`);
  process.exit(2);
}
let good = true;
for (const set of sets) {
  good = (await holds(url, host, set)) && good;
}
process.exitCode = good ? 0 : 1;
