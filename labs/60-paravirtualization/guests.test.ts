// The chapter's guests: each ends as it says, hostile ones are refused by the check that the text names.
import { describe, expect, test } from 'vitest';
import type { HypervisorView, Setup } from '../../src/protocol/frame.ts';
import { asPc, booksOf, printed } from '../+shared/pc/grading.ts';
import factory from './world.ts';

const setup = (workload: string, source: string | null = null): Setup => ({
  ...{ workload, technique: 'xen', source, constants: {}, seed: 1 },
});

function ran(workload: string): {
  readonly text: string;
  readonly books: HypervisorView;
  readonly failure: string;
} {
  const { world } = factory.create(setup(workload));
  world!.run(1e9);
  const failure = factory.verdict(world!, setup(workload));
  const pc = asPc({
    world: world!,
    setup: setup(workload),
    failure,
    diagnostics: [],
    at: () => ({}) as never,
  });
  return { text: printed(pc), books: booksOf(pc), failure };
}

const checksOf = ({ refusals }: HypervisorView): readonly string[] => [
  ...new Set(refusals.map(({ check }) => check)),
];

describe('guests of Xen', () => {
  test('hello ends well, and nothing is refused', () => {
    const { books, failure } = ran('hello');
    expect(failure).toBe('');
    expect(books.refusals).toEqual([]);
  });

  test('tables is refused once, for the type of the page', () => {
    const { books, failure } = ran('tables');
    expect(failure).toBe('');
    expect(checksOf(books)).toEqual(['page-type']);
  });

  test.each([
    ['steal', ['frame-owner']],
    ['forge', ['page-type', 'descriptor']],
    ['flood', ['event-port']],
  ])('%s gets nothing, and its neighbour ends well', (workload, checks) => {
    const { books, failure } = ran(workload);
    expect(failure).toBe('');
    expect(checksOf(books)).toEqual(checks);
    expect(books.domains).toMatchObject([
      { name: 'varve', state: 'shutdown', reason: 'poweroff' },
      { name: 'guest', state: 'shutdown', reason: 'poweroff' },
    ]);
  });

  test('a domain works on its disk through domain 0, which ends when all others have', () => {
    const { books, failure } = ran('split');
    expect(failure).toBe('');
    expect(books.refusals).toEqual([]);
    expect(books.domains).toMatchObject([
      { id: 0, name: 'Domain-0', state: 'shutdown' },
      { id: 1, name: 'web', state: 'shutdown', reason: 'poweroff' },
    ]);
  });

  test('a domain reaches the network through domain 0', () => {
    const { books, failure } = ran('bridge');
    expect(failure).toBe('');
    expect(books.interfaces).toMatchObject([{ domain: 1, counts: { sent: 51, received: 51 } }]);
  });

  test('spoof speaks for itself only: each of its lies is dropped for its reason', () => {
    const { text, books, failure } = ran('spoof');
    expect(failure).toBe('');
    expect(books.interfaces).toMatchObject([
      { domain: 1, counts: { sent: 51, received: 51 } },
      { domain: 2, counts: { sent: 1, received: 1, station: 1, address: 2, protocol: 1, isolated: 1 } },
    ]);
    expect(text).toContain('bridge: domain 2: a frame is dropped: isolated');
  });

  test('a source with a mistake, and a kernel that is too large, are refused with the reason', () => {
    const misspelt = factory.create(setup('hello', 'mvo eax, 1\n'));
    expect(misspelt).toMatchObject({ world: null, loaded: { ok: false } });
    const large = factory.create(setup('hello', 'times 3000000 db 0\n'));
    expect(large.world).toBeNull();
    expect(large.loaded.diagnostics.at(-1)?.message).toContain('Xen does not start this kernel');
  });
});
