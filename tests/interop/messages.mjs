// Messages of 2026-07-28 as they are on the wire, and what comes back over HTTP.

/** A request. */
export function request(id, method, params, meta = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'interop', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
    ...meta,
  };
  return { jsonrpc: '2.0', id, method, params: { ...params, _meta } };
}

/** The headers of a message over HTTP. */
export function headers({ method, params }) {
  return {
    Accept: 'application/json, text/event-stream',
    'Content-Type': 'application/json',
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': method,
    ...(params?.name && { 'Mcp-Name': params.name }),
  };
}

/** Sends a message to a server. */
export function post(url, message, options = {}) {
  return fetch(url, { method: 'POST', headers: headers(message), body: JSON.stringify(message), ...options });
}

/** The messages of a stream, each with the number of the chunk that it came to its end in. */
export async function* messages(reply) {
  const decoder = new TextDecoder();
  let chunk = 0;
  let rest = '';
  for await (const bytes of reply.body) {
    chunk += 1;
    const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data: '));
      if (data !== undefined) {
        yield { chunk, message: JSON.parse(data.slice('data: '.length)) };
      }
    }
  }
}
