// How a conversation with a server is reported and bounded: one line for each step, one time limit for all of them.

import assert from 'node:assert/strict';

const LIMIT_SECONDS = 60;

let current = 'connect';

const timer = (seconds) =>
  setTimeout(() => {
    console.log(`  FAIL ${current}: not done after ${seconds} s`);
    process.exit(1);
  }, seconds * 1000).unref();
let limit = timer(LIMIT_SECONDS);

/** Gives all steps together this much more time, from now on. */
export function allow(seconds) {
  clearTimeout(limit);
  limit = timer(LIMIT_SECONDS + seconds);
}

/** Runs one step, prints what it found and gives what it returned. */
export async function step(name, work) {
  current = name;
  const started = performance.now();
  try {
    const found = await work();
    console.log(`  ok   ${name} (${Math.round(performance.now() - started)} ms)`);
    return found;
  } catch (error) {
    console.log(`  FAIL ${name}`);
    throw error;
  }
}

/** Prints that a client or a revision cannot do a step, and why. */
export function skip(name, why) {
  console.log(`  skip ${name}: ${why}`);
}

/** Keeps what arrives and lets others wait for it. */
export class Inbox {
  #items = [];
  #waiting = [];

  add(item) {
    this.#items.push(item);
    for (const look of [...this.#waiting]) {
      look();
    }
  }

  get items() {
    return [...this.#items];
  }

  /** The first `count` items that `wanted` is true for, once there are as many. */
  take(count, wanted = () => true) {
    return new Promise((found) => {
      const look = () => {
        const matching = this.#items.filter(wanted);
        if (matching.length >= count) {
          this.#waiting = this.#waiting.filter((other) => other !== look);
          found(matching.slice(0, count));
        }
      };
      this.#waiting.push(look);
      look();
    });
  }
}

/** The texts of a tool's result, which has to be one. */
export function texts(result) {
  const found = result.content.filter(({ type }) => type === 'text').map(({ text }) => text);
  assert.ok(!result.isError, `the tool failed: ${found.join(' ')}`);
  return found.join('\n');
}
