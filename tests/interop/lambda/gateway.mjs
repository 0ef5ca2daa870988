// Stands in for API Gateway and Function URLs: HTTP requests become events in payload format 2.0, and what a function
// replies becomes HTTP again.

import { once } from 'node:events';
import { createServer } from 'node:http';

// Whom an authorizer verified.
const AUTHORIZER = { jwt: { claims: { sub: 'interop' }, scopes: null } };

const TEXT = /^(text\/|application\/(json|javascript|xml)\b)/;

// A streamed reply that comes in one piece: what it says about itself, eight zeros, its body.
const GLUED = 'application/vnd.awslambda.http-integration-response';
const SEPARATOR = Buffer.alloc(8);

// What holds between two programs and not beyond.
const HOP = /^(connection|content-length|date|keep-alive|transfer-encoding|lambda-runtime-.*)$/;

const KEEP_ALIVE_MS = 60_000;

/** An HTTP API whose authorizer lets everybody in. Function URLs and their like keep the names of headers. */
const PLAIN = { authorizer: AUTHORIZER, stage: '$default', mapped: false, renames: false };

/**
 * Serves HTTP in front of the function at `invocations`, which gets up to `most` requests at a time.
 *
 * With a `stage`, only what is below it comes in, and `/.well-known/` where that is `mapped` to it. API Gateway
 * `renames` the header of a challenge.
 */
export async function gateway(invocations, most = 1, like = {}) {
  const front = { ...PLAIN, ...like };
  const turns = new Turns(most);
  const server = createServer(async (request, response) => {
    try {
      if (!hosts.includes(request.headers.host)) {
        return refuse(response, 403, 'Forbidden');
      }
      if (!reaches(front, request.url)) {
        return refuse(response, 403, 'Forbidden');
      }
      const event = toEvent(front, request, await bytes(request));
      await turns.take(async () => {
        const reply = await fetch(invocations, { method: 'POST', body: JSON.stringify(event) });
        await (streams(reply) ? pass(reply, response) : answer(front, Buffer.from(await reply.arrayBuffer()), response));
      });
    } catch (error) {
      if (server.listening) {
        console.log(`  gateway: ${error.cause ?? error}`);
      }
      response.headersSent ? response.destroy() : refuse(response, 502, 'Internal Server Error');
    }
  });
  // No client is to meet a connection that is just being closed.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Requests for another host never come as far as this.
  const hosts = ['127.0.0.1', 'localhost'].map((name) => `${name}:${server.address().port}`);
  return {
    url: `http://${hosts[0]}/mcp`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** So many at a time, the others in the order in which they came. */
class Turns {
  #free;
  #waiting = [];

  constructor(most) {
    this.#free = most;
  }

  async take(work) {
    if (this.#free > 0) {
      this.#free -= 1;
    } else {
      await new Promise((mine) => this.#waiting.push(mine));
    }
    try {
      await work();
    } finally {
      const next = this.#waiting.shift();
      next ? next() : (this.#free += 1);
    }
  }
}

async function bytes(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reaches({ stage, mapped }, path) {
  return stage === PLAIN.stage || path.startsWith(`/${stage}/`) || (mapped && path.startsWith('/.well-known/'));
}

/** The event of a request: names in lower case, several values of one name in one text. */
function toEvent({ authorizer, stage }, request, body) {
  const { cookie, ...headers } = request.headersDistinct;
  const { pathname, searchParams } = new URL(request.url, 'http://gateway');
  const text = TEXT.test(request.headers['content-type'] ?? 'text/plain');
  const joined = (lists) => Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.join(',')]));
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: searchParams.toString(),
    ...(cookie && { cookies: cookie.flatMap((line) => line.split('; ')) }),
    headers: { ...joined(headers), 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' },
    requestContext: {
      ...(authorizer && { authorizer }),
      domainName: request.headers.host,
      http: {
        method: request.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: crypto.randomUUID(),
      stage,
    },
    ...(body.length > 0 && { body: body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

function streams(reply) {
  const mode = reply.headers.get('lambda-runtime-function-response-mode');
  return mode === 'streaming' && reply.headers.get('content-type') !== GLUED;
}

/** Hands a reply on as it comes. A function is not told that a client went away, and goes on to its end. */
async function pass(reply, response) {
  const headers = [...reply.headers].filter(([name]) => !HOP.test(name));
  response.writeHead(reply.status, Object.fromEntries(headers));
  response.flushHeaders();
  for await (const chunk of reply.body) {
    if (!response.destroyed && !response.write(chunk)) {
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
  }
  response.end();
}

/** Sends what is there in one piece, streamed or not; what is no reply to HTTP is a failure of the function. */
function answer({ renames }, reply, response) {
  const end = reply.indexOf(SEPARATOR);
  const said = JSON.parse(end < 0 ? reply : reply.subarray(0, end));
  if (!Number.isInteger(said?.statusCode)) {
    throw new Error(`the function replied ${reply.subarray(0, 500)}`);
  }
  const body =
    end < 0 ? Buffer.from(said.body ?? '', said.isBase64Encoded ? 'base64' : 'utf8') : reply.subarray(end + 8);
  const cookies = said.cookies?.length > 0 ? { 'set-cookie': said.cookies } : {};
  const { 'www-authenticate': challenge, ...headers } = said.headers;
  const name = renames ? 'x-amzn-remapped-www-authenticate' : 'www-authenticate';
  response.writeHead(said.statusCode, { ...headers, ...(challenge && { [name]: challenge }), ...cookies });
  response.end(body);
}

/** What API Gateway says by itself. */
function refuse(response, status, message) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}
