import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import type { TranslatorView } from '../../protocol/frame.ts';
import { EVERYTHING, FRAME, frameAt, RUN } from '../fixtures/frames.ts';
import { measured } from '../fixtures/session.ts';
import { rowsOf } from '../layers.ts';
import StrataDiagram from '../strata/StrataDiagram.svelte';
import Code from './Code.svelte';
import Devices from './Devices.svelte';
import Domains from './Domains.svelte';
import Events from './Events.svelte';
import Frames from './Frames.svelte';
import Groups from './Groups.svelte';
import { framePaths } from './frame-map.ts';
import Ledger from './Ledger.svelte';
import Overhead from './Overhead.svelte';
import { overheadBars, ratioLines, placeLabels } from './overhead.ts';
import Printer from './Printer.svelte';
import Processes from './Processes.svelte';
import Registers from './Registers.svelte';
import { markChanges, storageRows } from './storage-rows.ts';
import Storage from './Storage.svelte';
import Tasks from './Tasks.svelte';
import Terminal from './Terminal.svelte';
import Translation from './Translation.svelte';
import Units from './Units.svelte';
import { turnsOf } from './turns.ts';

const names = { 'monitor:0': 'CP' };
const rows = rowsOf(FRAME.ledger ?? []);
const measurements = ['bare', 'cp'].map((technique, n) => measured(RUN, 'hello', technique, n));

/** The words of a rendered panel, as a reader meets them. */
const textOf = ({ body }: { readonly body: string }): string =>
  body
    .replace(/<style[^]*?<\/style>|<!--[^]*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

test('the diagram describes itself in words from its data', () => {
  const { strata, clock, span, events } = FRAME;
  const props = {
    locale: 'en',
    strata,
    clock,
    span,
    events: events ?? [],
    rows,
    names,
    following: true,
  } as const;
  const text = textOf(render(StrataDiagram, { props }));
  expect(text).toContain('From cycle 1,120 to 5,120:');
  expect(text).toMatch(/Guest program \d+ %/);
  expect(text).toMatch(/CP \d+ %/);
});

test('an empty diagram says how to fill it', () => {
  const props = {
    locale: 'ja',
    strata: null,
    clock: 0,
    span: [0, 0],
    events: [],
    rows,
    following: true,
  } as const;
  expect(textOf(render(StrataDiagram, { props }))).toContain('ここに時間の流れが現れます');
});

test('registers mark what changed and explain each field', () => {
  const before = frameAt(RUN, 4800, EVERYTHING, { kind: 'paused' }).registers;
  const out = render(Registers, { props: { locale: 'en', registers: FRAME.registers, before } });
  expect(textOf(out)).toContain('00001400 (changed)');
  expect(out.body).toContain('P 1: Problem state: 1 forbids privileged instructions');
});

test('a chapter’s own explanation of a field wins', () => {
  const props = { locale: 'en', registers: FRAME.registers, explain: { 'psw.key': 'our key' } } as const;
  expect(render(Registers, { props }).body).toContain('key 0: our key');
});

test('code tells the next instruction, the privileged ones and the breakpoints', () => {
  const out = render(Code, {
    props: { locale: 'en', code: FRAME.code, breakpoints: [0x1f3a], cursor: 0x1f44 },
  });
  expect(out.body).toContain(
    '001F3A, SSM   X&#39;01E&#39;(12), privileged, Breakpoint at 001F3A'.replaceAll('&#39;', "'"),
  );
  expect(out.body.match(/next instruction/g)).toHaveLength(1);
});

test('events are sentences with a way to their moment', () => {
  const props = {
    locale: 'ja',
    events: FRAME.events,
    clock: FRAME.clock,
    rows,
    names,
    onseek: () => undefined,
  } as const;
  const out = render(Events, { props });
  expect(textOf(out)).toContain('トラップ: 001F40番地のLPSW(特権命令例外)。CPに制御が移る');
  expect(out.body).toMatch(/aria-label="[\d,]+サイクルへ移動"/);
});

test('the terminal says whether anybody reads', () => {
  const text = textOf(render(Terminal, { props: { locale: 'en', terminals: FRAME.terminals } }));
  expect(text).toContain('ALICE LOGGED ON');
  expect(text).toContain('a line is awaited');
  const serial = { id: 'ttyS0', title: 'COM1', text: '$ ', wantsInput: false, locks: false };
  const line = textOf(render(Terminal, { props: { locale: 'en', terminals: [serial] } }));
  expect(line).toContain('The processor is busy');
  expect(line, 'a serial line has no such key').not.toContain('Attention');
  expect(textOf(render(Terminal, { props: { locale: 'en', terminals: [] } }))).toContain(
    'No terminal is attached.',
  );
});

test('the ledger sums up to the clock', () => {
  const text = textOf(render(Ledger, { props: { locale: 'en', ledger: FRAME.ledger, names, rows } }));
  expect(text).toContain('Sum 5,120 100.0 %');
});

describe('the overhead chart', () => {
  test('measures every bar against the first that ended well', () => {
    const [bare, cp] = overheadBars(measurements);
    expect(bare?.ratio).toBe(1);
    expect(cp?.ratio).toBeCloseTo(cp!.cycles / bare!.cycles);
    expect(cp?.parts.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(cp?.cycles);
  });

  test('a run that failed has no ratio and says why', () => {
    const failed = { ...measurements[1]!, ok: false, failure: 'result differs' };
    expect(overheadBars([measurements[0]!, failed])[1]?.ratio).toBeNull();
    const props = { locale: 'en', measurements: [failed], wanted: 1, active: false } as const;
    expect(textOf(render(Overhead, { props }))).toContain('did not end well: result differs');
  });

  test('no two labels of one line touch', () => {
    const [, bar] = overheadBars(measurements);
    const labels = placeLabels(
      bar!.parts,
      (cycles) => cycles / 100,
      () => 60,
    );
    for (const line of [0, 1]) {
      const own = labels.filter((label) => label.line === line);
      own.slice(1).forEach((label, n) => expect(label.x - own[n]!.x).toBeGreaterThanOrEqual(68));
    }
  });

  test('ratio lines stand at round multiples whose labels do not touch', () => {
    expect(ratioLines(2.5, 100)).toEqual([1, 2]);
    expect(ratioLines(121, 2)).toEqual([1, 20, 40, 60, 80, 100, 120]);
    expect(ratioLines(1, 300)).toEqual([1]);
  });

  test('its description has cycles and ratios', () => {
    const props = { locale: 'en', measurements, wanted: 2, active: false } as const;
    expect(render(Overhead, { props }).body).toMatch(/aria-label="bare: [\d,]+ cycles, 1\.00×; cp: /);
  });
});

describe('storage', () => {
  const storage = {
    address: 0x100,
    bytes: Uint8Array.of(0xc8, 0xc9, 0xff, 0xfe, 0, 0, 0, 5),
    changed: [],
    size: 4096,
  };

  test('shows characters in the code asked for', () => {
    expect(storageRows(storage, 'bytes', 'ebcdic', 'en')[0]?.characters).toMatch(/^HI/);
  });

  test('shows signed numbers', () => {
    const [row] = storageRows(storage, 'halfwords', 'ebcdic', 'en');
    expect(row?.cells.map(({ text }) => text)).toEqual(['-14,135', '-2', '0', '5']);
  });

  test('marks the bytes that differ from before', () => {
    const before = { ...storage, bytes: storage.bytes.with(2, 0) };
    expect(markChanges(storage, before).changed).toEqual([0x102]);
    expect(markChanges(storage, { ...before, address: 0 }).changed).toEqual([]);
  });

  test('prints addresses with leading zeros', () => {
    expect(textOf(render(Storage, { props: { locale: 'en', storage } }))).toContain('000100');
  });
});

test('a walk starts at its first step', () => {
  const text = textOf(
    render(Translation, { props: { locale: 'en', translation: FRAME.translation, walk: 0x1f40 } }),
  );
  expect(text).toContain('Step 1 of 3');
  expect(text).toContain('001000 007000');
});

test('a turn lasts until the next dispatch or wait', () => {
  const dispatch = { ...FRAME.events![0]!, kind: 'dispatch' };
  const events = [
    { ...dispatch, clock: 10, subject: 'ALICE' },
    { ...dispatch, clock: 50, subject: 'BOB' },
    { ...dispatch, clock: 70, subject: 'BOB', kind: 'wait' },
  ];
  expect(turnsOf(events, [20, 100], 90)).toEqual([
    { subject: 'ALICE', from: 20, to: 50 },
    { subject: 'BOB', from: 50, to: 70 },
  ]);
});

test('tasks, devices and printer show what they are given', () => {
  expect(textOf(render(Tasks, { props: { locale: 'en', tasks: FRAME.tasks } }))).toContain('BOB waits Q2');
  expect(textOf(render(Devices, { props: { locale: 'ja', devices: FRAME.devices } }))).toContain(
    '191 3330 動作中',
  );
  expect(textOf(render(Printer, { props: { locale: 'en', text: FRAME.printer } }))).toContain(
    'LISTING OF THE RUN',
  );
});

test('panels without data say so', () => {
  expect(textOf(render(Events, { props: { locale: 'en', events: [], clock: 0 } }))).toContain(
    'Nothing has happened yet',
  );
  expect(textOf(render(Events, { props: { locale: 'en', events: [], clock: 900 } }))).toContain(
    'Up to here the log has no event',
  );
  expect(textOf(render(Ledger, { props: { locale: 'ja', ledger: null } }))).toContain(
    'まだ1サイクルも使っていません',
  );
  expect(textOf(render(Translation, { props: { locale: 'en', translation: null } }))).toContain(
    'addresses are real',
  );
});

describe('a kernel that is shared', () => {
  const process = { parent: 0, state: 'S', pages: 5, cycles: 10, group: '/', root: '/', capabilities: 41 };
  const group = { refused: 0, peak: 8192, killed: 0, weight: 100, quota: null, throttled: 0, frozen: false };
  const kernel = {
    processes: [
      { ...process, pid: 1, inside: 1, name: 'sh', namespaces: { pid: 7, uts: 8 } },
      { ...process, pid: 4, inside: 1, name: 'init', root: '/srv/one', namespaces: { pid: 9, uts: 8 } },
    ],
    groups: [
      { ...group, path: '/', pids: 2, pidsMax: null, bytes: 8192, bytesMax: null, cycles: 200 },
      { ...group, path: '/one', pids: 1, pidsMax: 16, bytes: 4096, bytesMax: 8192, cycles: 50, refused: 3 },
    ],
    calls: [
      { name: 'open', count: 2 },
      { name: 'read', count: 30 },
    ],
    unknown: [{ number: 400, count: 1 }],
  };

  test('shows both numbers of a process, and which namespaces are its own', () => {
    const text = textOf(render(Processes, { props: { locale: 'en', kernel } }));
    expect(text).toContain('4 1 init waits /srv/one 20 K 41');
    expect(text).toMatch(/4 init 2 host/);
    expect(text).toMatch(/read 30 open 2 number 400, which this kernel does not have 1/);
  });

  test('shows what a group has of what it may have, and what was refused to it', () => {
    const text = textOf(render(Groups, { props: { locale: 'en', kernel } }));
    expect(text).toMatch(
      /\/one Processor time 25 % Weight 100 Memory 4 K of 8 K Most so far 8 K Processes 1 of 16 fork refused 3 times/,
    );
  });

  test('is missing where there is none', () => {
    for (const panel of [Processes, Groups])
      expect(textOf(render(panel, { props: { locale: 'ja', kernel: null } }))).toContain('ここにありません');
  });
});

describe('the books of a hypervisor', () => {
  const hypervisor = {
    domains: [
      { id: 1, name: 'web', state: 'blocked', reason: '', pages: 3, weight: 256, cycles: 5000 },
      { id: 2, name: 'spy', state: 'crashed', reason: 'vector 13', pages: 1, weight: 256, cycles: 7 },
    ],
    calls: [
      { name: 'sched_op', count: 1 },
      { name: 'mmu_update', count: 1200 },
    ],
    refusals: [
      { domain: 2, check: 'frame-owner', detail: 'frame 5 belongs to domain 1' },
      { domain: 2, check: 'page-type', detail: 'frame 9 is writable 1 times' },
    ],
    interfaces: [
      {
        domain: 2,
        station: '00:16:3e:00:00:02',
        address: '10.0.2.17',
        counts: { sent: 1, received: 2, station: 3, address: 0 },
      },
    ],
    disks: [{ domain: 2, disk: 'hda3', counts: { extent: 4, grant: 0 } }],
    frameOwners: Int16Array.from([-2, -2, 1, 1, 1, 2, -1]),
    frameTypes: Uint8Array.from([0, 0, 4, 4, 1, 2, 0]),
  };

  test('name domains, calls by their number, and the checks that said no, latest first', () => {
    const text = textOf(render(Domains, { props: { locale: 'en', hypervisor } }));
    expect(text).toContain('1 web blocked 12 K');
    expect(text).toContain('crashed: vector 13');
    expect(text).toContain('2 10.0.2.17 00:16:3e:00:00:02 1 2 false station: 3');
    expect(text).toContain('2 hda3 beyond its disk: 4');
    expect(text).toMatch(/mmu_update 1,200 .*sched_op 1/);
    expect(text).toMatch(/the frame is used as one thing only .*the frame belongs to the domain frame 5/);
  });

  test('draw runs of frames that are used alike, and count them by domain', () => {
    expect(Object.fromEntries(framePaths(hypervisor))).toEqual({
      hypervisor: 'M0 0h2v1h-2z',
      writable: 'M2 0h2v1h-2z',
      table: 'M4 0h1v1h-1z',
      directory: 'M5 0h1v1h-1z',
      free: 'M6 0h1v1h-1z',
    });
    const text = textOf(render(Frames, { props: { locale: 'en', hypervisor } }));
    expect(text).toContain('Domain 1, web 0 1 0 0 2');
  });

  test('are missing where there is no hypervisor', () => {
    for (const panel of [Domains, Frames])
      expect(textOf(render(panel, { props: { locale: 'ja', hypervisor: null } }))).toContain(
        'ここにありません',
      );
  });
});

describe('translated code', () => {
  const line = (address: number, text: string) => ({ address, bytes: '90', text });
  const units: TranslatorView = {
    running: 'translated',
    unit: {
      address: 0x100000,
      guest: [
        { ...line(0x100000, 'cli'), line: 7, treatment: 'inline', from: 1, to: 2 },
        { ...line(0x100001, 'in al, 0x21'), line: null, treatment: 'call-out', from: 2, to: 3 },
      ],
      code: [
        line(0xffcc0000, 'jecxz 0xFFCC0004'),
        line(0xffcc0001, 'mov dword [gs:0], 0'),
        line(0xffcc0002, 'int 0xF0'),
      ],
      exits: [{ target: 0x100040, chained: true }],
    },
    next: 1,
    cache: {
      units: 3,
      used: 4096,
      size: 8192,
      guestBytes: 40,
      codeBytes: 300,
      exits: 4,
      chained: 1,
      places: [64, 300, 384, 40, 448, 600],
      current: 384,
    },
    executed: { direct: 50, translated: 150, interpreted: 0 },
  };
  const shown = (props: { units: TranslatorView | null; locale: 'en' | 'ja' }): string =>
    textOf(render(Units, { props }));

  test('stands beside the guest’s, with the next instruction, the exits and the sizes', () => {
    const text = shown({ units, locale: 'en' });
    expect(text).toContain('instructions: 2 → 3, bytes: 2 → 3');
    expect(text).toMatch(/cli inline, line 7 mov dword \[gs:0\], 0 next instruction/);
    expect(text).toMatch(/in al, 0x21 call-out int 0xF0/);
    expect(text).toContain('Leads to 100040 chained');
    const { body } = render(Units, { props: { units, locale: 'en' } });
    expect(body).toContain('d="M384 0h40v1h-40z"');
    expect(body).toContain('d="M64 0h300v1h-300zM448 0h600v1h-600z"');
    expect(text).toContain('units: 3, 4 of 8 K');
    expect(text).toContain('Instructions run directly 50 (25.0 %)');
  });

  test('is said to be the last one while a program runs directly', () => {
    const text = shown({ units: { ...units, running: 'direct', next: -1 }, locale: 'en' });
    expect(text).toContain('The unit translated last, at 100000');
    expect(text).not.toContain('next instruction');
  });

  test('is missing where nothing is translated', () => {
    expect(shown({ units: null, locale: 'ja' })).toContain('何も変換されません');
  });
});
