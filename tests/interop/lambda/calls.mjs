// Calls of the tools of a `lambda-trouble`, in the form of each door.

import assert from 'node:assert/strict';

import { DOORS, invoke } from './events.mjs';

/** The reply to a call, as it came, and the call. */
export async function called(url, name, tool, args = {}) {
  const call = { id: 'q-1', tool, args };
  const { status, text } = await invoke(url, DOORS[name].ask(call, 'ada'));
  assert.equal(status, 200, text);
  return { call, text };
}

/** The text of a result, which has to be an error. */
export function refusal(name, { call, text }) {
  const { content, isError } = DOORS[name].read(text, call);
  assert.equal(isError, true, text);
  return content[0].text;
}

/** The function is there for the next invocation. */
export async function goesOn(url) {
  const { call, text } = await called(url, 'HTTP API', 'echo', { text: 'well' });
  assert.equal(DOORS['HTTP API'].read(text, call).content[0].text, 'well for ada');
}
