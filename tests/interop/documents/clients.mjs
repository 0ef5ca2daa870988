// A published client of a `documents`, and what came of a request.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const connected = async (transport) => {
  const client = new Client({ name: 'interop', version: '1' });
  await client.connect(transport);
  return client;
};

/** A client over HTTP. */
export const overHttp = (url) => connected(new StreamableHTTPClientTransport(new URL(url)));

/** A client of a program. */
export const overStdio = (command) => connected(new StdioClientTransport({ command, stderr: 'ignore' }));

/** A document, by its key. */
export const fetched = (client, key, offset) =>
  client.callTool({ name: 'fetch_document', arguments: { key, ...(offset && { offset }) } });

/** One page of the list. */
export const listed = (client, args) => client.callTool({ name: 'list_documents', arguments: args });

/** The texts of a result. */
export const text = ({ content }) => content.map((block) => block.text).join('\n');

/** Everything that is listed in a folder, and how many pages that takes. */
export async function all(client, folder) {
  const entries = [];
  let pages = 0;
  let cursor;
  do {
    const { structuredContent, ...rest } = await listed(client, { folder, ...(cursor && { cursor }) });
    if (structuredContent === undefined) {
      throw new Error(text(rest));
    }
    entries.push(...structuredContent.items);
    cursor = structuredContent.next_cursor;
    pages += 1;
  } while (cursor !== undefined);
  return { entries, pages };
}
