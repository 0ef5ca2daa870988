// The published client of `@modelcontextprotocol/sdk`, the line before, which most hosts of today are built on.
//
// It knows the `initialize` handshake alone: the newest revision that the package names is 2025-11-25, and it has
// neither `server/discover` nor `subscriptions/listen` nor multi round trips.

import assert from 'node:assert/strict';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LATEST_PROTOCOL_VERSION,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

import { converse, watchedFetch } from './conversation.mjs';

const SCHEMAS = {
  'elicitation/create': ElicitRequestSchema,
  'notifications/message': LoggingMessageNotificationSchema,
  'notifications/resources/updated': ResourceUpdatedNotificationSchema,
  'notifications/tools/list_changed': ToolListChangedNotificationSchema,
  'roots/list': ListRootsRequestSchema,
  'sampling/createMessage': CreateMessageRequestSchema,
};

async function connect(_mode, kind, target) {
  const watched = watchedFetch();
  const http = kind !== 'stdio';
  const transport = http
    ? new StreamableHTTPClientTransport(new URL(target), { fetch: watched.fetch })
    : new StdioClientTransport({ command: target, env: { SALES_DB: process.env.SALES_DB } });
  // The client keeps the version to itself, but tells it to the transport.
  let version;
  const tell = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (agreed) => {
    version = agreed;
    tell?.(agreed);
  };
  const client = new Client(
    { name: 'interop', version: '1' },
    // An empty `elicitation` means forms, as in the revisions before 2025-11-25.
    { capabilities: { elicitation: {}, sampling: {}, roots: {} } },
  );
  await client.connect(transport);
  assert.equal(LATEST_PROTOCOL_VERSION, '2025-11-25');
  assert.equal(version, LATEST_PROTOCOL_VERSION);
  assert.ok(client.getServerVersion()?.name);

  // A notification before the stream is open would be lost.
  const ready = () => (http ? watched.stream : undefined);
  return {
    client,
    modern: false,
    call: (params, options) => client.callTool(params, undefined, options),
    on: (method, handler) => client.setNotificationHandler(SCHEMAS[method], handler),
    answer: (method, handler) => client.setRequestHandler(SCHEMAS[method], handler),
    async subscribe(uri) {
      await ready();
      await client.subscribeResource({ uri });
      return { close: () => client.unsubscribeResource({ uri }) };
    },
    async hearOfTools() {
      await ready();
      return { close: () => undefined };
    },
    async close() {
      if (http) {
        await transport.terminateSession();
      }
      await client.close();
    },
  };
}

await converse(['legacy'], connect);
