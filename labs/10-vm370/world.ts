/** The VM/370 chapter's engine: one guest on the bare System/370, under CP, with VM assist, and under CP under CP. */
import { findSymbol, type Assembly } from '../../src/assembler/core/assembly.ts';
import { ebcdicBytes } from '../../src/base/ebcdic.ts';
import { hex } from '../../src/base/bits.ts';
import { defineWorld, type World } from '../../src/lab/world.ts';
import type { Setup } from '../../src/protocol/frame.ts';
import type { Sandbox } from '../../src/sandbox/contract.ts';
import type { MonitorChoice } from '../../src/worlds/s370/configuration.ts';
import { MODEL_145 } from '../../src/machines/s370/models.ts';
import { offeredConstants } from '../../src/worlds/constants.ts';
import type { Subject } from '../../src/worlds/s370/subject.ts';
import { MAIN_FILE, S370World } from '../../src/worlds/s370/world.ts';
import { deckOf, guestNamed, type Expectation } from '../+shared/s370/guests.ts';

/** In the order of the chapter. */
const WORKLOADS = ['lpsw', 'svc', 'compute', 'sio', 'paging', 'payroll', 'multi', 'hello', 'parley', 'users'];

/** Workloads of several users: who they are and what their machines run. The first one's source is the one to edit. */
const USERS: Readonly<Record<string, readonly (readonly [name: string, guest: string])[]>> = {
  users: [
    ['ALICE', 'parley'],
    ['BOB', 'digits'],
    ['CAROL', 'sio'],
  ],
};
/** Users share one CP; on the bare machine there would be room for one of them only. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  users: ['cp', 'cp-assist', 'cp-ecps', 'cp-paged'],
};
const techniquesOf = (workload: string): readonly string[] => ONLY[workload] ?? Object.keys(TECHNIQUES);
const usersOf = (workload: string) => USERS[workload] ?? [['GUEST', workload] as const];

const CP: MonitorChoice = { name: 'cp' };
/** Pages that stay resident under `cp-paged`: too few for any guest that uses its storage. */
const FEW_FRAMES = 12;
const TECHNIQUES: Readonly<Record<string, readonly MonitorChoice[]>> = {
  bare: [],
  cp: [CP],
  'cp-assist': [{ name: 'cp', assist: 'vma' }],
  'cp-ecps': [{ name: 'cp', assist: 'ecps' }],
  'cp-cp': [CP, CP],
  'cp-paged': [{ name: 'cp', frames: FEW_FRAMES }],
};

/** What one user has before him. */
interface Seat {
  readonly subject: Subject;
  readonly assembly: Assembly | null;
  readonly peek: (address: number, length: number) => Uint8Array;
  readonly console: string;
  readonly printer: string;
}
function seatOf(world: S370World, index: number): Seat {
  const subject = world.system.subjects[index]!;
  return {
    subject,
    assembly: index === 0 ? world.assembly : world.fellows[index - 1]!,
    peek: (address, length) => world.peek(subject.name, address, length),
    console: world.system.terminals()[index]!.text,
    printer: world.system.printer(index === 0 ? undefined : subject.name),
  };
}

/** What is wrong with one result, or ''. */
function shortfall(seat: Seat, expectation: Expectation): string {
  switch (expectation.kind) {
    case 'register': {
      const found = hex(seat.subject.gr[expectation.register]!);
      const wanted = hex(expectation.value);
      return found === wanted ? '' : `R${expectation.register} = ${found}, expected ${wanted}`;
    }
    case 'storage': {
      const symbol = seat.assembly && findSymbol(seat.assembly, expectation.symbol);
      if (!symbol) return `no symbol ${expectation.symbol}`;
      const bytes = seat.peek(symbol.value, 4 * expectation.words.length);
      const found = expectation.words
        .map((_, i) => hex(new DataView(bytes.buffer).getUint32(4 * i)))
        .join(' ');
      const wanted = expectation.words.map((word) => hex(word)).join(' ');
      return found === wanted ? '' : `${expectation.symbol} = ${found}, expected ${wanted}`;
    }
    case 'console':
    case 'printer': {
      const text = seat[expectation.kind];
      return text.includes(expectation.text) ? '' : `${expectation.kind}: no line with ${expectation.text}`;
    }
  }
}

/** A run with other pieces than its setup names would be another run. */
function needed(sandbox: Sandbox | null | undefined): Sandbox {
  if (!sandbox) throw new Error('a setup with pieces of a student needs a sandbox');
  return sandbox;
}

/** A guest that is talked to has no result of its own. */
const isInteractive = (guest: string): boolean => guestNamed(guest).typed.length > 0;

/** What is wrong with the result of the user at `index`, or ''. */
function shortfallOf(world: S370World, index: number, guest: string): string {
  const seat = seatOf(world, index);
  const { psw } = seat.subject;
  if (psw.instructionAddress !== 0) return `ended at ${hex(psw.instructionAddress, 6)}, not at 000000`;
  return guestNamed(guest)
    .expectations.map((expectation) => shortfall(seat, expectation))
    .filter((text) => text !== '')
    .join('; ');
}

export default defineWorld({
  offer: {
    workloads: WORKLOADS,
    techniques: Object.keys(TECHNIQUES),
    only: ONLY,
    operatorKeys: true,
    constants: offeredConstants(MODEL_145),
  },

  create: (setup: Setup, sandbox?: Sandbox | null) => {
    const offered = techniquesOf(setup.workload);
    if (!offered.includes(setup.technique))
      throw new Error(`${setup.workload} is offered under ${offered.join(', ')}, not ${setup.technique}`);
    const [[user, own], ...others] = usersOf(setup.workload) as [readonly [string, string]];
    const guest = guestNamed(own);
    const fellows = others.map(([name, each]: readonly [string, string]) => ({
      name,
      source: guestNamed(each).source,
      storage: guestNamed(each).storage,
    }));
    const source = setup.source ?? guest.source;
    const { frames, storage } = setup.options ?? {};
    const { world, diagnostics } = S370World.create({
      storage: typeof storage === 'number' ? storage : guest.storage,
      program: { kind: 'source', text: source, file: MAIN_FILE },
      cards: guest.cards ? deckOf(guest.cards).map((card) => ebcdicBytes(card, 80)) : [],
      ...(fellows.length > 0 ? { user, fellows } : {}),
      under: (TECHNIQUES[setup.technique] ?? []).map((level, i) =>
        i === 0 && typeof frames === 'number' ? { ...level, frames } : level,
      ),
      ...(setup.pieces ? { pieces: { sandbox: needed(sandbox), sources: setup.pieces } } : {}),
      constants: setup.constants,
    });
    return { loaded: { ok: world !== null, source, diagnostics }, world };
  },

  verdict: (world: World, setup: Setup) => {
    if (!(world instanceof S370World)) return '';
    const users = usersOf(setup.workload);
    return users
      .map(([name, guest], index) => {
        const wrong = isInteractive(guest) ? '' : shortfallOf(world, index, guest);
        return wrong === '' || users.length === 1 ? wrong : `${name}: ${wrong}`;
      })
      .filter((text) => text !== '')
      .join('; ');
  },
});
