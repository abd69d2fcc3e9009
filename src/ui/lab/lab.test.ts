import { beforeAll, describe, expect, test, vi } from 'vitest';
import { FakeSession, measured, noGrading } from '../fixtures/session.ts';
import { makeRun } from '../fixtures/run.ts';
import { packText } from '../../protocol/packed.ts';
import { parseDo } from './do.ts';
import { fromFragment, toFragment } from './fragment.ts';
import { commandFor } from './keys.ts';
import { LabState } from './lab-state.svelte.ts';
import { obey } from './obey.ts';
import { partsFor } from './panels.ts';
import { pageSources } from './sources.ts';

describe('fragment', () => {
  const recording = {
    version: 1,
    lab: '10-vm370',
    setup: { workload: 'lpsw', technique: 'cp', source: ' LPSW  X\n', constants: { trap: 50 }, seed: 1 },
    inputs: [{ at: 120, input: { kind: 'type', terminal: '009', text: 'ログオン' } }],
    clock: 4711,
  } as const;

  test('a state goes into an address and comes back the same', () => {
    const breakpoints = { addresses: [0x1f40], events: ['svc'], storage: [], registers: ['R2'] };
    const looking = {
      ...{ breakpoints, subject: 'real machine', storageAt: 0x800, speed: 1000 },
      entered: ['bare', 'cp'],
    };
    const state = { recording, panel: 'events', looking } as const;
    const fragment = toFragment(state);
    expect(fragment).toMatch(/^#s=[\w-]+$/);
    expect(fromFragment(fragment)).toEqual({ ...state, withoutFile: false });
  });

  test('an address from before breakpoints were shared still opens', () => {
    const fragment = `#s=${packText({ r: recording, p: 'events' })}`;
    expect(fromFragment(fragment)).toEqual({ recording, panel: 'events', looking: null, withoutFile: false });
  });

  test.each([
    ['without a setup', { ...recording, setup: {} }],
    ['of a later version', { ...recording, version: 2 }],
    ['that begins before time does', { ...recording, clock: -1 }],
    ['with inputs that are none', { ...recording, inputs: [null] }],
    [
      'with constants that are no numbers',
      { ...recording, setup: { ...recording.setup, constants: { trap: '1' } } },
    ],
  ])('a recording %s is no state', (_, r) => {
    expect(fromFragment(`#s=${packText({ r, p: 'events' })}`)).toBeNull();
  });

  test.each(['', '#text', '#s=', '#s=damaged', '#s=AAAA'])('%j is no state', (fragment) => {
    expect(fromFragment(fragment)).toBeNull();
  });
});

describe('commands of the text', () => {
  test.each([
    [{ command: 'step-over' }, { command: 'step-over' }],
    [
      { command: 'run-to-event', kind: 'simulate' },
      { command: 'run-to-event', kind: 'simulate' },
    ],
    [
      { command: 'run-to-address', address: '1F40' },
      { command: 'run-to-address', address: 0x1f40 },
    ],
    [
      { command: 'load', workload: 'sio' },
      { command: 'load', workload: 'sio', technique: null },
    ],
    [
      { command: 'panel', name: 'terminal' },
      { command: 'panel', panel: 'terminal' },
    ],
    [
      { command: 'type', text: 'help' },
      { command: 'type', terminal: null, text: 'help' },
    ],
  ])('%j is understood', (detail, command) => {
    expect(parseDo(detail)).toEqual(command);
  });

  test.each([
    null,
    'run',
    {},
    { command: 'fly' },
    { command: 'panel', name: 'kitchen' },
    { command: 'run-to-event' },
  ])('%j does nothing', (detail) => {
    expect(parseDo(detail)).toBeNull();
  });
});

describe('keys', () => {
  const press = (key: string, more = {}) => ({
    ...{ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false },
    ...more,
  });
  const nowhere = () => false;

  test('the same keys everywhere', () => {
    const keys = [
      press(' '),
      press('ArrowRight'),
      press('ArrowRight', { shiftKey: true }),
      press('n'),
      press('?'),
    ];
    expect(keys.map((key) => commandFor(key, nowhere))).toEqual([
      ...['run-pause', 'step', 'step-over', 'next-transfer', 'help'],
    ]);
  });

  test('text fields, buttons, sliders and the browser keep theirs', () => {
    const within = (wanted: string) => (selector: string) => selector.includes(wanted);
    expect(commandFor(press('n'), within('textarea'))).toBeNull();
    expect(commandFor(press(' '), within('button'))).toBeNull();
    expect(commandFor(press('ArrowLeft'), within('slider'))).toBeNull();
    expect(commandFor(press('r', { ctrlKey: true }), nowhere)).toBeNull();
    expect(commandFor(press('n', { isComposing: true }), nowhere)).toBeNull();
  });
});

test('only the parts of visible panels are asked for, beside what is always there', () => {
  expect(partsFor(['code', 'storage'])).toEqual(['strata', 'events', 'code', 'storage']);
});

describe('the state of a lab', () => {
  beforeAll(() => {
    vi.stubGlobal('Worker', () => undefined);
  });

  const started = async (locale: 'en' | 'ja' = 'en', fragment = '', sources = pageSources()) => {
    const session = new FakeSession();
    const lab = new LabState({
      ...{ lab: 'made', locale, workload: null, technique: 'cp', panel: 'registers' },
      ...{ layerNames: { 'monitor:0': 'CP' }, seed: 1, speed: null, sources },
      connect: async () => ({ session, grading: noGrading, dispose: () => session.stop() }),
    });
    await lab.start(fragment);
    return lab;
  };

  test('breakpoints and what is looked at go along with a shared state', async () => {
    const lab = await started();
    await lab.setBreakpoints({ addresses: [0x1f40], events: [], storage: [], registers: [] });
    lab.storageAt = 0x1f00;
    const other = await started('en', (await lab.fragment()) ?? '');
    expect([other.unread, other.breakpoints.addresses, other.storageAt]).toEqual([false, [0x1f40], 0x1f00]);
  });

  test('an address carries a small file of the visitor’s, to the same cycle', async () => {
    const lab = await started();
    await lab.load({ workload: 'hello', image: 'QUJD' });
    await lab.seek(80);
    expect(fromFragment((await lab.fragment()) ?? '')).toMatchObject({
      withoutFile: false,
      recording: { setup: { image: 'QUJD' }, clock: lab.frame!.clock },
    });
  });

  test('an address carries no large file of the visitor’s: whoever opens it is asked for the file', async () => {
    const lab = await started();
    await lab.load({ workload: 'hello', image: 'QUJD'.repeat(10_000) });
    await lab.seek(80);
    const fragment = (await lab.fragment()) ?? '';
    expect(fragment.length).toBeLessThan(1000);
    expect(fromFragment(fragment)).toMatchObject({ withoutFile: true, recording: { inputs: [], clock: 0 } });
    const other = await started('en', fragment);
    expect([other.awaitsFile, other.unread, other.setup.image]).toEqual([true, false, undefined]);
    await other.load({ workload: 'hello', image: 'QUJD' });
    expect(other.awaitsFile).toBe(false);
  });

  test('a state that the lab does not offer is told, and the lab begins anew', async () => {
    const setup = { workload: 'nosuch', technique: 'cp', source: null, constants: {}, seed: 1 };
    const recording = { version: 1, lab: 'made', setup, inputs: [], clock: 0 } as const;
    const lab = await started('en', toFragment({ recording, panel: 'events', looking: null }));
    expect([lab.phase, lab.unread, lab.setup.workload]).toEqual(['ready', true, 'hello']);
  });

  test('it starts with the first workload and the technique asked for', async () => {
    const lab = await started();
    expect([lab.phase, lab.setup.workload, lab.setup.technique]).toEqual(['ready', 'hello', 'cp']);
  });

  test('it starts with the source that was typed before, of its own workload', async () => {
    const sources = pageSources();
    await sources.keep('made', 'hello', '* mine');
    const lab = await started('en', '', sources);
    expect(lab.setup.source).toBe('* mine');
    await lab.restoreSource();
    expect(await sources.kept('made', 'hello')).toBeNull();
  });

  test('it starts without its storage too', async () => {
    const refused = () => Promise.reject(new Error('no'));
    const lab = await started('en', '', { kept: refused, keep: refused });
    lab.edit('* typed');
    expect(lab.phase).toBe('ready');
    lab.dispose();
  });

  test('a transfer of control is told in words, in the language of the reader', async () => {
    const lab = await started();
    await obey(lab, { command: 'run-to-event', kind: 'program-interruption' });
    expect(lab.announcement).toBe('trap: SSM at 001F3A (privileged-operation exception), CP takes over');
    const other = await started('ja');
    await obey(other, { command: 'run-to-event', kind: 'simulate' });
    expect(other.announcement).toBe('CPがALICEの001F3A番地のSSMを模擬する');
  });

  test('the end of the program is told with its address', async () => {
    const lab = await started();
    await lab.seek(1e9);
    expect(lab.announcement).toContain('Disabled wait at 001F4E');
  });

  test('a source with errors keeps the text, tells the errors and leaves the machine alone', async () => {
    const lab = await started();
    await lab.do('step');
    const { clock } = lab.frame!;
    vi.useFakeTimers();
    lab.edit('   BAD 1,2\n');
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    expect(lab.setup.source).toBe('   BAD 1,2\n');
    expect(lab.loaded).toMatchObject({ ok: false, diagnostics: [{ span: { line: 1 } }] });
    expect(lab.frame!.clock).toBe(clock);
    await lab.restoreSource();
    expect([lab.edited, lab.loaded?.ok]).toEqual([false, true]);
  });

  test('an address leads back to the state it was taken from', async () => {
    const lab = await started();
    await lab.seek(1234);
    const fragment = await lab.fragment();
    const again = await started('en', fragment ?? '');
    expect(again.frame?.clock).toBe(1234);
  });

  test('seeking while a seek is under way keeps only the latest wish', async () => {
    const lab = await started();
    const seeks = [lab.seek(100), lab.seek(200), lab.seek(300)];
    await Promise.all(seeks);
    expect(lab.frame?.clock).toBe(300);
  });

  test('a failing engine is told, and a restart keeps the setup', async () => {
    const lab = await started();
    await lab.load({ workload: 'sort' });
    lab.session!.step = () => Promise.reject(new Error('word 5 is not a word'));
    await lab.do('step');
    expect([lab.phase, lab.failure]).toEqual(['failed', 'word 5 is not a word']);
    await lab.restart();
    expect([lab.phase, lab.setup.workload]).toEqual(['ready', 'sort']);
  });

  test('a comparison tells each result as it comes', async () => {
    const lab = await started();
    await lab.compare(null);
    expect(lab.comparison.measurements).toEqual(
      ['bare', 'cp', 'cp-assist', 'cp-under-cp'].map((name, n) => measured(makeRun(12), 'hello', name, n)),
    );
  });
});
