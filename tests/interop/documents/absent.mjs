// A server whose bucket is not there says so and ends, before anybody asks it: `node absent.mjs`, in the environment of
// such a server.

import assert from 'node:assert/strict';

import { step } from '../clients/steps.mjs';
import { serve } from '../processes.mjs';

await step('a bucket that is not there', () =>
  assert.rejects(serve('documents', ['http']), ({ message }) => {
    assert.match(message, /cannot list the bucket `absent`/);
    assert.match(message, /`DOCUMENTS_BUCKET`/);
    return /NoSuchBucket/.test(message);
  }),
);
