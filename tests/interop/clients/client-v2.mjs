// The published client `@modelcontextprotocol/client`, which speaks both eras of the protocol.
//
// Mode `auto` asks `server/discover` first and stays with 2026-07-28, mode `legacy` does the `initialize` handshake.

import assert from 'node:assert/strict';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

import { converse, watchedFetch } from './conversation.mjs';

const VERSIONS = { auto: '2026-07-28', legacy: '2025-11-25' };

async function connect(mode, kind, target) {
  const watched = watchedFetch();
  const http = kind !== 'stdio';
  const transport = http
    ? new StreamableHTTPClientTransport(new URL(target), { fetch: watched.fetch })
    : new StdioClientTransport({ command: target, env: { SALES_DB: process.env.SALES_DB } });
  const client = new Client(
    { name: 'interop', version: '1' },
    {
      capabilities: { elicitation: { form: {} }, sampling: {}, roots: {} },
      versionNegotiation: { mode },
    },
  );
  await client.connect(transport);
  assert.equal(client.getNegotiatedProtocolVersion(), VERSIONS[mode]);
  assert.ok(client.getServerVersion()?.name);

  const modern = client.getProtocolEra() === 'modern';
  // A listen request is acknowledged, and a stream of the old kind has been opened, before anything can be missed.
  const ready = () => (http && !modern ? watched.stream : undefined);
  return {
    client,
    modern,
    call: (params, options) => client.callTool(params, options),
    on: (method, handler) => client.setNotificationHandler(method, handler),
    answer: (method, handler) => client.setRequestHandler(method, handler),
    async subscribe(uri) {
      if (modern) {
        const subscription = await client.listen({ resourceSubscriptions: [uri] });
        assert.deepEqual(subscription.honoredFilter.resourceSubscriptions, [uri]);
        return subscription;
      }
      await ready();
      await client.subscribeResource({ uri });
      return { close: () => client.unsubscribeResource({ uri }) };
    },
    async hearOfTools() {
      if (modern) {
        const subscription = await client.listen({ toolsListChanged: true });
        assert.equal(subscription.honoredFilter.toolsListChanged, true);
        return subscription;
      }
      await ready();
      return { close: () => undefined };
    },
    async close() {
      if (http && !modern) {
        await transport.terminateSession();
      }
      await client.close();
    },
  };
}

await converse(Object.keys(VERSIONS), connect);
