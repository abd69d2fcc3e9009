/** The VM/370 chapter's engine: one guest on the bare System/370, under CP, with VM assist, and under CP under CP. */
import { findSymbol } from '../../src/assembler/core/assembly.ts';
import { ebcdicBytes } from '../../src/base/ebcdic.ts';
import { hex } from '../../src/base/bits.ts';
import { defineWorld, type World } from '../../src/lab/world.ts';
import type { Setup } from '../../src/protocol/frame.ts';
import type { Sandbox } from '../../src/sandbox/contract.ts';
import type { MonitorChoice } from '../../src/worlds/s370/configuration.ts';
import { offeredConstants } from '../../src/worlds/s370/model.ts';
import { MAIN_FILE, S370World } from '../../src/worlds/s370/world.ts';
import { deckOf, guestNamed, type Expectation } from '../+shared/s370/guests.ts';

/** In the order of the chapter. */
const WORKLOADS = ['lpsw', 'svc', 'compute', 'sio', 'paging', 'payroll', 'multi', 'hello', 'parley'];

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

/** What is wrong with one result, or ''. */
function shortfall(world: S370World, expectation: Expectation): string {
  const guest = world.system.subjects[0]!;
  switch (expectation.kind) {
    case 'register': {
      const found = hex(guest.gr[expectation.register]!);
      const wanted = hex(expectation.value);
      return found === wanted ? '' : `R${expectation.register} = ${found}, expected ${wanted}`;
    }
    case 'storage': {
      const symbol = world.assembly && findSymbol(world.assembly, expectation.symbol);
      if (!symbol) return `no symbol ${expectation.symbol}`;
      const bytes = world.peek('', symbol.value, 4 * expectation.words.length);
      const found = expectation.words
        .map((_, i) => hex(new DataView(bytes.buffer).getUint32(4 * i)))
        .join(' ');
      const wanted = expectation.words.map((word) => hex(word)).join(' ');
      return found === wanted ? '' : `${expectation.symbol} = ${found}, expected ${wanted}`;
    }
    case 'console':
    case 'printer': {
      const text =
        expectation.kind === 'printer'
          ? world.system.printer()
          : world.system
              .terminals()
              .map((t) => t.text)
              .join('\n');
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
const isInteractive = (workload: string): boolean => guestNamed(workload).typed.length > 0;

export default defineWorld({
  offer: {
    workloads: WORKLOADS,
    techniques: Object.keys(TECHNIQUES),
    constants: offeredConstants(),
  },

  create: (setup: Setup, sandbox?: Sandbox | null) => {
    const guest = guestNamed(setup.workload);
    const source = setup.source ?? guest.source;
    const { frames, storage } = setup.options ?? {};
    const { world, diagnostics } = S370World.create({
      storage: typeof storage === 'number' ? storage : guest.storage,
      program: { kind: 'source', text: source, file: MAIN_FILE },
      cards: guest.cards ? deckOf(guest.cards).map((card) => ebcdicBytes(card, 80)) : [],
      under: (TECHNIQUES[setup.technique] ?? []).map((level, i) =>
        i === 0 && typeof frames === 'number' ? { ...level, frames } : level,
      ),
      ...(setup.pieces ? { pieces: { sandbox: needed(sandbox), sources: setup.pieces } } : {}),
      constants: setup.constants,
    });
    return { loaded: { ok: world !== null, source, diagnostics }, world };
  },

  verdict: (world: World, setup: Setup) => {
    if (!(world instanceof S370World) || isInteractive(setup.workload)) return '';
    const { psw } = world.system.subjects[0]!;
    if (psw.instructionAddress !== 0) return `ended at ${hex(psw.instructionAddress, 6)}, not at 000000`;
    return guestNamed(setup.workload)
      .expectations.map((expectation) => shortfall(world, expectation))
      .filter((text) => text !== '')
      .join('; ');
  },
});
