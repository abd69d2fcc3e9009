// A run is a run: in how many pieces it is asked for leaves no trace in it, through domain 0's drivers and bridge too.
import { expect, test } from 'vitest';
import { readyPc } from '../../../src/worlds/pc/build.ts';
import { serialOf } from './testing.ts';
import { commandLine } from './workloads.ts';
import { diskFor, domainsOn } from './xen-domains.ts';

/** Echoes a few datagrams; the card of domain 0 is read and written by repeated INS and OUTS. */
const DISK = diskFor(1);
const DOMAINS = domainsOn(commandLine('xm', ['wait']), [
  { name: 'web', append: commandLine('net', ['10.0.2.2', '4']) },
]);

function ranBy(budget: number) {
  const built = readyPc({
    memory: 32 << 20,
    under: 'xen',
    disks: [DISK.slice()],
    program: { kind: 'domains', domains: DOMAINS },
  });
  if (typeof built === 'string') throw new Error(built);
  const { machine } = built;
  let stop = machine.run(budget);
  while (stop.kind === 'budget' && machine.clock < 2e8) stop = machine.run(budget);
  const { clock, cpu } = machine;
  return { stop, clock, instructions: cpu.instructions, serial: serialOf(machine), books: cpu.ledger.rows() };
}

test.each([123457, 5003, 1009])('domains on the network run alike in pieces of %i cycles', (budget) => {
  expect(ranBy(budget)).toEqual(ranBy(1e9));
});
