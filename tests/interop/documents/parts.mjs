// What is run of documents in a bucket: `documents` builds the server of that name and has it read an S3, which moto plays,
// as HTTP host and as Lambda function, and then one that does what an S3 should not.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { emulate } from '../lambda/emulators.mjs';
import { gateway } from '../lambda/gateway.mjs';
import {
  AWS,
  BUILD_MINUTES,
  CARGO_TEST_AWS,
  NODE,
  PYTHON_AWS,
  WORKSPACE,
  built,
  serve,
  withMoto,
} from '../processes.mjs';
import { notRun, serving, verdict } from '../verdicts.mjs';
import { badBucket } from './bad_bucket.mjs';

const run = promisify(execFile);
const program = (name, ...args) => [NODE, join(import.meta.dirname, name), ...args];

const DATA = join(WORKSPACE, 'examples/documents/data');

/** What makes the server read a bucket. */
const reading = (endpoint, bucket, prefix) => ({
  ...AWS,
  AWS_ENDPOINT_URL_S3: endpoint,
  DOCUMENTS_BUCKET: bucket,
  DOCUMENTS_PREFIX: prefix,
});

async function documents() {
  const build = [...CARGO_TEST_AWS, '--no-run'];
  if (!(await verdict('documents is built with the feature s3', build, {}, BUILD_MINUTES))) {
    return;
  }
  await withMoto(async (address) => {
    const environment = { ...process.env, ...AWS, AWS_ENDPOINT_URL: address };
    await run(PYTHON_AWS, [join(import.meta.dirname, 'buckets.py'), DATA], { env: environment });
    await buckets(address);
  });
  const bad = await badBucket();
  try {
    await verdict('documents in a bucket that fails', program('failures.mjs'), reading(bad.url, 'bad', ''));
  } finally {
    await bad.stop();
  }
}

async function buckets(address) {
  const example = reading(address, 'example', 'public/');
  const same = (url) => program('same.mjs', url, built('documents'));
  await serving(
    () => serve('documents', ['http'], example),
    ({ url }) => verdict('documents answers the same on a bucket', same(url)),
  );
  await serving(
    () => serve('documents', ['http'], reading(address, 'many', '')),
    ({ url }) => verdict('documents in a bucket with many, large and strange ones', program('limits.mjs', url)),
  );
  const absent = reading(address, 'absent', '');
  await verdict('documents does not start without its bucket', program('absent.mjs'), absent);
  if (process.platform !== 'linux') {
    return notRun('documents as a function', 'the emulator is a program for Linux');
  }
  await serving(
    () => emulate('documents', example),
    async (server) => {
      const front = await gateway(server.url);
      try {
        return await verdict('documents answers the same on a bucket, as a function', same(front.url));
      } finally {
        await front.stop();
      }
    },
  );
}

/** The parts, in the order in which they run. */
export const DOCUMENTS_PARTS = { documents };
