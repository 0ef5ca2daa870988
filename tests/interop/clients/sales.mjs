// What a client does with the example server `sales-data`, in steps that hold for each client and each revision.

import assert from 'node:assert/strict';

import { Inbox, skip, step, texts } from './steps.mjs';

const CUSTOMER = 'C-1001';
const SUMMARY = `sales://customers/${CUSTOMER}/summary`;
const AMOUNT = 12_345;
const PART = 2_345;

/** Talks to `sales-data` through `peer`. */
export async function sales(peer) {
  const { client, can } = peer;
  const call = async (name, args, options) => {
    const result = await peer.call({ name, arguments: args }, options);
    texts(result);
    return result;
  };
  const summary = async () => {
    const { contents } = await client.readResource({ uri: SUMMARY });
    assert.equal(contents.length, 1);
    assert.equal(contents[0].uri, SUMMARY);
    assert.equal(contents[0].mimeType, 'application/json');
    return contents[0].text;
  };
  const refunded = async (order) => (await call('get_refund_status', { order_id: order })).structuredContent;

  await step('list tools', async () => {
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    for (const wanted of ['get_customer_sales', 'record_sale', 'refund_order', 'get_refund_status', 'export_report']) {
      assert.ok(names.includes(wanted), `${wanted} is not among ${names}`);
    }
  });

  await step('call get_customer_sales', async () => {
    const result = await call('get_customer_sales', { customer_id: CUSTOMER, months: 120 });
    assert.equal(result.structuredContent.customer_id, CUSTOMER);
    assert.ok(result.structuredContent.total_cents > 0);
    assert.deepEqual(JSON.parse(texts(result)), result.structuredContent);
  });

  await step('list resource templates', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    const template = resourceTemplates.find(
      ({ uriTemplate }) => uriTemplate === 'sales://customers/{customer_id}/summary',
    );
    assert.equal(template?.mimeType, 'application/json');
  });

  await step('read a summary', async () => {
    assert.equal(JSON.parse(await summary()).customer_id, CUSTOMER);
  });

  const tone = await step('complete the tone of draft_refund_reply', async () => {
    const typed = async (value) => {
      const { completion } = await client.complete({
        ref: { type: 'ref/prompt', name: 'draft_refund_reply' },
        argument: { name: 'tone', value },
      });
      return completion.values;
    };
    const [first] = await typed('');
    assert.ok(first, 'nothing is offered for an empty text');
    assert.ok((await typed(first.slice(0, 1))).includes(first));
    return first;
  });

  await step('get draft_refund_reply', async () => {
    const { prompts } = await client.listPrompts();
    const prompt = prompts.find(({ name }) => name === 'draft_refund_reply');
    const named = prompt?.arguments.map(({ name }) => name);
    assert.deepEqual(named, ['customer_id', 'tone']);
    const { messages } = await client.getPrompt({
      name: 'draft_refund_reply',
      arguments: { customer_id: CUSTOMER, tone },
    });
    assert.equal(messages[0].role, 'user');
    assert.ok(JSON.stringify(messages).includes(tone));
  });

  const order = await step('see the summary change when a sale is recorded', async () => {
    const before = await summary();
    const updates = new Inbox();
    peer.on('notifications/resources/updated', ({ params }) => updates.add(params.uri));
    const subscription = can.tells ? await peer.subscribe(SUMMARY) : undefined;
    const { structuredContent } = await call('record_sale', { customer_id: CUSTOMER, amount_cents: AMOUNT });
    if (can.tells) {
      await updates.take(1, (uri) => uri === SUMMARY);
    }
    assert.notEqual(await summary(), before);
    await subscription?.close();
    return structuredContent.order_id;
  });
  if (!can.tells) {
    skip('hear of the sale', 'the server says nothing between two replies');
  }

  const refund = { name: 'refund_order', arguments: { order_id: order, amount_cents: PART } };
  const asked = new Inbox();
  if (can.asks) {
    await step('refuse a refund, then approve it', async () => {
      let approve = false;
      peer.answer('elicitation/create', ({ params }) => {
        asked.add(params);
        return { action: 'accept', content: { approve } };
      });

      // Whether the tool calls a refusal a failure is its own affair; the money is what counts.
      await peer.call(refund);
      assert.deepEqual((await refunded(order)).state, 'none');
      approve = true;
      texts(await peer.call(refund));
      const { state, refunded_cents: cents } = await refunded(order);
      assert.deepEqual([state, cents], ['partial', PART]);

      assert.equal(asked.items.length, 2, 'one question for each refund');
      for (const { mode, message, requestedSchema } of asked.items) {
        assert.ok(mode === undefined || mode === 'form');
        assert.ok(message.length > 0);
        assert.equal(requestedSchema.properties.approve.type, 'boolean');
      }
    });

    await step('do without a refund that is declined', async () => {
      peer.answer('elicitation/create', () => ({ action: 'decline' }));
      await peer.call(refund);
      assert.equal((await refunded(order)).refunded_cents, PART);
    });
  } else {
    await step('do without a refund that nobody can be asked about', async () => {
      peer.answer('elicitation/create', ({ params }) => asked.add(params));
      const { isError } = await peer.call(refund);
      assert.equal(isError, true);
      assert.deepEqual([asked.items, (await refunded(order)).state], [[], 'none']);
    });
  }

  const report = { name: 'export_report', arguments: { year: 2024 } };
  if (can.streams) {
    await step('cancel export_report after its first progress', async () => {
      const progress = new Inbox();
      const stop = new AbortController();
      const called = peer.call(report, { onprogress: (update) => progress.add(update), signal: stop.signal });
      const tooSoon = called.then((result) => assert.fail(`it ended by itself: ${texts(result)}`));
      const [first] = await Promise.race([progress.take(1), tooSoon]);
      assert.ok(first.progress >= 0);
      stop.abort('enough');
      await assert.rejects(called);
      // The server is there for the next call.
      await call('get_customer_sales', { customer_id: CUSTOMER, months: 120 });
    });
  } else {
    await step('see the progress of export_report', async () => {
      const seen = [];
      texts(await peer.call(report, { onprogress: ({ progress }) => seen.push(progress) }));
      assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });
  }
}
