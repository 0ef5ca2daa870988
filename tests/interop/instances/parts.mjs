// What is run of several instances, by name.
//
// `instances` has two instances of `instance` tell each other what they are told, lose Redis, be replaced, and meet
// clients that take their time; `instances-suite` is the conformance suite against two of `conformance`. The numbers of
// seconds are such as a change can wait for; each script takes longer ones.

import { join } from 'node:path';

import { NODE } from '../processes.mjs';
import { judged, notRun, serving, verdict } from '../verdicts.mjs';
import { Fleet, noFleet } from './fleet.mjs';

const STEPS = [
  { title: 'clients between two instances', script: 'together.mjs' },
  { title: 'silent streams behind a load balancer', script: 'idle.mjs', seconds: 15 },
  { title: 'a rolling restart', script: 'rolling.mjs', seconds: 10 },
  { title: 'an outage of Redis', script: 'outage.mjs', seconds: 3 },
  { title: 'clients that take their time', script: 'slow.mjs' },
];

async function steps() {
  for (const { title, script, seconds } of STEPS) {
    const command = [NODE, join(import.meta.dirname, script)];
    await verdict(title, seconds === undefined ? command : [...command, `${seconds}`]);
  }
}

const suite = () =>
  serving(
    () => Fleet.start('conformance'),
    ({ url }) => {
      const judge = [NODE, join(import.meta.dirname, '../conformance.mjs'), url, 'instances'];
      return judged('conformance suite, two instances', judge);
    },
  );

/** A part that takes haproxy and Redis. */
const balanced = (name, part) => [
  name,
  () => {
    const why = noFleet();
    return why ? notRun(name, why) : part();
  },
];

/** The parts, in the order in which they run. */
export const INSTANCE_PARTS = Object.fromEntries([balanced('instances', steps), balanced('instances-suite', suite)]);
