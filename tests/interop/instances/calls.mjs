// What the steps about several instances ask of the server `instance`.

import assert from 'node:assert/strict';

import { messages, post, request } from '../messages.mjs';

/** A resource of the server, which changes when `change` says so. */
export const THING = 'thing://one';

/** The reply to a call of a tool. */
export function called(url, tool, args = {}, options = {}) {
  return post(url, request('call', 'tools/call', { name: tool, arguments: args }), options);
}

/** The text that a tool gives, if it gives any. */
export async function call(url, tool, args) {
  const reply = await called(url, tool, args);
  const body = await reply.text();
  assert.equal(reply.status, 200, body);
  const { result } = JSON.parse(body);
  assert.equal(result?.isError ?? false, false, body);
  return result.content[0]?.text;
}

/**
 * A subscription to a resource, acknowledged. `heard(chunk)` is called for each change, with the number of the chunk of the
 * reply; `ended` tells how it ended: `gracefully`, `cut off`, `by us`, or with an error.
 */
export async function listen(url, uri, heard = () => {}) {
  const filter = { notifications: { resourceSubscriptions: [uri] } };
  const stop = new AbortController();
  const reply = await post(url, request('listen', 'subscriptions/listen', filter), { signal: stop.signal });
  assert.equal(reply.status, 200, `a subscription was refused: ${reply.status}`);
  const stream = messages(reply);
  const { value } = await stream.next();
  assert.equal(value?.message.method, 'notifications/subscriptions/acknowledged');
  const listening = async () => {
    for await (const { chunk, message } of stream) {
      if (message.id === 'listen') {
        assert.equal(message.result.resultType, 'complete');
        return 'gracefully';
      }
      assert.equal(message.method, 'notifications/resources/updated');
      assert.equal(message.params.uri, uri);
      heard(chunk);
    }
    return 'cut off';
  };
  const ended = listening().catch((error) => (stop.signal.aborted ? 'by us' : `${error.cause ?? error}`));
  return { ended, close: () => stop.abort() };
}

/** Waits for a condition. */
export async function until(condition) {
  while (!(await condition())) {
    await new Promise((passed) => setTimeout(passed, 20));
  }
}

/** The environment of an `instance`: times in milliseconds, by default those of any server. */
export function times({ silence = 15_000, idle = 75_000, stall = 30_000, body = 30_000 } = {}) {
  return { INSTANCE_TIMES: [silence, idle, stall, body].join(',') };
}
