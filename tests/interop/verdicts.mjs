// Runs programs one after the other and keeps what came of each.

import { once } from 'node:events';

import { launch, signal } from './processes.mjs';

const LIMIT_MINUTES = 10;

const verdicts = [];
const skipped = [];

/** Runs one program to its end and notes whether it was content. */
export async function verdict(title, command, environment = {}, limit = LIMIT_MINUTES) {
  console.log(`\n${title}`);
  const good = await run(command, environment, limit);
  verdicts.push({ title, good });
  return good;
}

/**
 * The same for the conformance suite, which waits half a second for what a server says: on a machine that is busy for
 * longer, something is missing. What is wrong with a server is wrong twice.
 */
export async function judged(title, command) {
  console.log(`\n${title}`);
  let good = await run(command, {}, LIMIT_MINUTES);
  if (!good) {
    console.log(`\n${title}, once more`);
    good = await run(command, {}, LIMIT_MINUTES);
  }
  verdicts.push({ title, good });
  return good;
}

async function run(command, environment, limit) {
  const child = launch(command, { environment, stdio: ['ignore', 'inherit', 'inherit'] });
  const timer = setTimeout(() => {
    console.log(`  FAIL not done after ${limit} minutes`);
    signal(child, 'SIGKILL');
  }, limit * 60_000);
  const [code] = await once(child, 'close');
  clearTimeout(timer);
  return code === 0;
}

/** Notes what this machine cannot run. */
export function notRun(title, why) {
  console.log(`\nNOT RUN: ${title}: ${why}`);
  skipped.push({ title, why });
}

/** Has a server that `start()` gives as long as `work(server)` goes on; the log is shown if anything was wrong. */
export async function serving(start, work) {
  const server = await start();
  let good = false;
  let how;
  try {
    good = await work(server);
  } finally {
    how = await server.stop();
  }
  const title = `${server.name} ends when it is asked to`;
  verdicts.push({ title, good: how === 'exit code 0' });
  if (how !== 'exit code 0') {
    console.log(`\n${title}: ended with ${how}`);
  }
  if (!good || how !== 'exit code 0') {
    console.log(`\nlog of ${server.name}:\n${server.log}`);
  }
}

/** Prints what came of everything and gives the exit code. */
export function conclude() {
  const bad = verdicts.filter(({ good }) => !good);
  const counts = `${verdicts.length - bad.length} passed, ${bad.length} failed`;
  console.log(`\n${counts}${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
  for (const { title } of bad) {
    console.log(`  FAIL ${title}`);
  }
  for (const { title, why } of skipped) {
    console.log(`  NOT RUN ${title}: ${why}`);
  }
  return bad.length === 0 ? 0 : 1;
}
