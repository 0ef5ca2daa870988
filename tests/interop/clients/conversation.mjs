// Runs one conversation: `node CLIENT.mjs sales|fixture|contracts MODE KIND URL-or-PROGRAM`.
//
// The kind of server is one of `http`, `stdio`, `function` (a Lambda function whose replies come in one piece) and
// `streaming-function` (one whose replies are streamed, with subscriptions).

import { basename } from 'node:path';

import { contracts } from './contracts.mjs';
import { fixture } from './fixture.mjs';
import { sales } from './sales.mjs';
import { step } from './steps.mjs';

const CONVERSATIONS = { sales, fixture, contracts };
const KINDS = ['http', 'stdio', 'function', 'streaming-function'];

/** What a server can do for its client; `modern` is 2026-07-28. */
function abilities(kind, modern) {
  const answersOnly = kind.endsWith('function');
  return {
    /** Says something while a call goes on. */
    streams: kind !== 'function',
    /** Asks its client something. */
    asks: modern || !answersOnly,
    /** Tells of changes. */
    tells: !answersOnly || (modern && kind === 'streaming-function'),
  };
}

/** Connects with `connect(mode, kind, target)` as the command line says, talks, and ends with a verdict. */
export async function converse(modes, connect) {
  const [name, mode, kind, target] = process.argv.slice(2);
  const talk = CONVERSATIONS[name];
  if (talk === undefined || !modes.includes(mode) || !KINDS.includes(kind) || target === undefined) {
    const file = basename(process.argv[1]);
    console.error(`usage: node ${file} ${Object.keys(CONVERSATIONS).join('|')} ${modes.join('|')} ${KINDS.join('|')} URL-or-PROGRAM`);
    process.exit(2);
  }
  try {
    const peer = await step('connect', () => connect(mode, kind, target));
    await talk({ ...peer, can: abilities(kind, peer.modern) });
    await step('close', () => peer.close());
  } catch (error) {
    console.log(error);
    process.exit(1);
  }
  // What a client left open must not keep a conversation alive that is over.
  process.exit(0);
}

/** A `fetch` for a transport, and a promise of the stream that it opens for what the server sends unasked. */
export function watchedFetch() {
  let opened;
  let refused;
  const stream = new Promise((resolve, reject) => ([opened, refused] = [resolve, reject]));
  // Only who waits for the stream minds that there is none.
  stream.catch(() => {});
  const watched = async (url, init) => {
    const response = await fetch(url, init);
    if (init?.method === 'GET') {
      if (response.ok) {
        opened();
      } else {
        refused(new Error(`the server has no stream for notifications: GET gave ${response.status}`));
      }
    }
    return response;
  };
  return { fetch: watched, stream };
}
