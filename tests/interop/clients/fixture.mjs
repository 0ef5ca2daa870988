// What a client does with the server of the conformance suite, in steps that hold for each client: above all what
// `sales-data` has no use for, such as sampling, roots, log messages and changing lists.

import assert from 'node:assert/strict';

import { Inbox, skip, step, texts } from './steps.mjs';

const ANSWERS = { username: 'ada', email: 'ada@example.com', name: 'Ada', color: 'blue', context: 'tests', ok: true };

/** Talks to `conformance` through `peer`. */
export async function fixture(peer) {
  const { client, modern, can } = peer;
  const call = async (name, args = {}, options = undefined) => {
    const result = await peer.call({ name, arguments: args }, options);
    texts(result);
    return result;
  };
  /** Answers each request of the server from here on, and keeps the methods. */
  const answering = () => {
    const asked = new Inbox();
    const answer = (method, reply) =>
      peer.answer(method, (request) => {
        asked.add(method);
        return reply(request);
      });
    answer('elicitation/create', ({ params }) => {
      const wanted = Object.keys(params.requestedSchema.properties).filter((key) => key in ANSWERS);
      return { action: 'accept', content: Object.fromEntries(wanted.map((key) => [key, ANSWERS[key]])) };
    });
    answer('sampling/createMessage', () => ({
      role: 'assistant',
      model: 'interop',
      content: { type: 'text', text: 'Paris' },
    }));
    answer('roots/list', () => ({ roots: [{ uri: 'file:///srv', name: 'srv' }] }));
    return asked;
  };

  await step('list tools', async () => {
    const { tools } = await client.listTools();
    assert.ok(tools.some(({ name }) => name === 'test_simple_text'));
  });

  await step('receive content of several kinds', async () => {
    const { content } = await call('test_multiple_content_types');
    const kinds = new Set(content.map(({ type }) => type));
    for (const kind of ['text', 'image', 'resource']) {
      assert.ok(kinds.has(kind), `${kind} is not among ${[...kinds]}`);
    }
  });

  await step('see a tool fail', async () => {
    const { isError } = await peer.call({ name: 'test_error_handling', arguments: {} });
    assert.equal(isError, true);
  });

  await step('read a resource of a template', async () => {
    const { contents } = await client.readResource({ uri: 'test://template/42/data' });
    assert.ok(contents[0].text.includes('42'));
  });

  await step('complete and get a prompt', async () => {
    const name = 'test_prompt_with_arguments';
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name },
      argument: { name: 'arg1', value: 'test' },
    });
    assert.ok(Array.isArray(completion.values));
    const { messages } = await client.getPrompt({ name, arguments: { arg1: 'hello', arg2: 'world' } });
    assert.match(messages[0].content.text, /hello.*world/s);
  });

  await step('see progress', async () => {
    const seen = [];
    await call('test_tool_with_progress', {}, { onprogress: ({ progress }) => seen.push(progress) });
    assert.deepEqual(seen, [0, 50, 100]);
  });

  await step('receive log messages', async () => {
    const logged = new Inbox();
    peer.on('notifications/message', ({ params }) => logged.add(params.level));
    const params = { name: 'test_tool_with_logging', arguments: {} };
    if (modern) {
      // The client has no setting for it, but passes on what a call says.
      params._meta = { 'io.modelcontextprotocol/logLevel': 'info' };
    } else {
      await client.setLoggingLevel('info');
    }
    texts(await peer.call(params));
    assert.deepEqual(await logged.take(3), ['info', 'info', 'info']);
  });

  if (can.asks) {
    await step('answer a form', async () => {
      const asked = answering();
      await (modern
        ? call('test_input_required_result_elicitation')
        : call('test_elicitation', { message: 'Who are you?' }));
      assert.deepEqual(asked.items, ['elicitation/create']);
    });

    await step('answer a request for sampling', async () => {
      const asked = answering();
      await (modern
        ? call('test_input_required_result_sampling')
        : call('test_sampling', { prompt: 'What is the capital of France?' }));
      assert.deepEqual(asked.items, ['sampling/createMessage']);
    });
  } else {
    skip('answer a form, or a request for sampling', 'the server asks nobody');
  }

  const only = 'the server asks more than once in one call in 2026-07-28 alone';
  if (modern) {
    await step('answer a request for roots', async () => {
      const asked = answering();
      await call('test_input_required_result_list_roots');
      assert.deepEqual(asked.items, ['roots/list']);
    });

    await step('answer three requests at once', async () => {
      const asked = answering();
      await call('test_input_required_result_multiple_inputs');
      assert.deepEqual(asked.items.toSorted(), ['elicitation/create', 'roots/list', 'sampling/createMessage']);
    });

    await step('answer one request after the other', async () => {
      const asked = answering();
      await call('test_input_required_result_multi_round');
      assert.equal(asked.items.length, 2);
    });

    await step('answer before a prompt is given', async () => {
      const asked = answering();
      const { messages } = await client.getPrompt({ name: 'test_input_required_result_prompt' });
      assert.ok(messages.length > 0);
      assert.deepEqual(asked.items, ['elicitation/create']);
    });
  } else {
    skip('answer three requests at once, or one after the other', only);
  }

  if (can.tells) {
    await step('hear that the list of tools changed', async () => {
      const changes = new Inbox();
      peer.on('notifications/tools/list_changed', () => changes.add('tools'));
      const subscription = await peer.hearOfTools();
      await call('test_trigger_tool_change');
      await changes.take(1);
      await subscription.close();
    });
  } else {
    skip('hear that the list of tools changed', 'the server says nothing between two replies');
  }
}
