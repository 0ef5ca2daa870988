// An S3 that does what it should not: it refuses, fails, breaks off, or sends more than it says.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** The most bytes of a document that is read. */
export const MOST = 1024 * 1024;

/** What nobody but the server's log may get to know. */
export const CAUSE = 'arn:aws:iam::123456789012:role/documents';

const listed = (name) => {
  const object = name in OBJECTS ? `<Contents><Key>${name}</Key><Size>1</Size></Contents>` : '';
  return `<ListBucketResult><Name>bad</Name><IsTruncated>false</IsTruncated>${object}</ListBucketResult>`;
};

const failure = (code) => `<Error><Code>${code}</Code><Message>${CAUSE} is not authorized</Message></Error>`;

const refuse = (response, status, body) => response.writeHead(status, { 'content-type': 'application/xml' }).end(body);

// Without a length, a body goes out in chunks.
const unmeasured = (bytes) => (response) => {
  response.writeHead(200);
  response.write(Buffer.alloc(bytes, 'x'));
  response.end();
};

const OBJECTS = {
  'denied.md': (response) => refuse(response, 403, failure('AccessDenied')),
  'frozen.md': (response) => refuse(response, 403, failure('InvalidObjectState')),
  'down.md': (response) => refuse(response, 500, failure('InternalError')),
  'most.txt': unmeasured(MOST),
  'more.txt': unmeasured(MOST + 1),
  'broken.md'(response) {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  },
};

/** Serves the objects in any bucket. */
export async function badBucket() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://bucket');
    if (searchParams.has('list-type')) {
      return refuse(response, 200, listed(searchParams.get('prefix')));
    }
    const object = OBJECTS[pathname.split('/').at(-1)];
    // As to a role that may not list the whole bucket.
    return object ? object(response) : refuse(response, 403, failure('AccessDenied'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
