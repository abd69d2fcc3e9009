/** The chapter on binary translation: small kernels and Varve on a bare PC, under a naive monitor, and translated. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { DEFAULT_MODEL } from '../../src/machines/pc/models.ts';
import { PENTIUM_4 } from '../../src/machines/pc/models/pentium4.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import type { PcMonitorName } from '../../src/worlds/pc/monitors/table.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { flatWorld } from '../+shared/pc/flat.ts';
import { INCLUDES, SHARED_GUESTS } from '../+shared/pc/guests/guests.ts';
import nano from '../+shared/pc/nano/nano.asm?raw';
import { OPERATIONS, operationsIn } from '../+shared/pc/nano/nano.ts';
import { CYCLES, SOURCE } from '../+shared/pc/nano/paper.ts';
import { expectedOf, printedBy, SHELL, varveWorld, verdictOn } from '../+shared/pc/varve-world.ts';
import kinds from './guests/kinds.asm?raw';
import own from './guests/own.asm?raw';
import patch from './guests/patch.asm?raw';
import rings from './guests/rings.asm?raw';
import tables from './guests/tables.asm?raw';

/** In the order of the chapter: guests in assembly, then programs on Varve. */
const SOURCES: Readonly<Record<string, string>> = {
  popf: SHARED_GUESTS.popf,
  kinds,
  rings,
  tables,
  patch,
  nano,
  own,
};
const FLAT = Object.keys(SOURCES);
const ON_VARVE = ['compute', 'ptemod', 'io', SHELL];

/** The visitor's own code: nobody knows what it should print. */
const OWN = 'own';

const TECHNIQUES: Readonly<Record<string, PcMonitorName | undefined>> = {
  bare: undefined,
  naive: 'naive',
  translator: 'translator',
  'translator-unchained': 'translator-unchained',
  'translator-rigid': 'translator-rigid',
  'translator-single': 'translator-single',
  'translator-untraced': 'translator-untraced',
  'translator-hosted': 'translator-hosted',
};

/** What the guest prints when all is as it left it. */
const expected = (workload: string): RegExp | null =>
  FLAT.includes(workload) ? new RegExp(`^${workload}: ok$`, 'm') : expectedOf(workload);

export default defineWorld({
  offer: {
    workloads: [...FLAT, ...ON_VARVE],
    techniques: Object.keys(TECHNIQUES),
    // Calls of the system and page tables of its own are more than the naive monitor knows.
    only: { nano: Object.keys(TECHNIQUES).filter((technique) => technique !== 'naive') },
    published: {
      ...{ workload: 'nano', source: SOURCE, technique: 'translator', against: 'bare' },
      figures: Object.fromEntries(
        OPERATIONS.map((name) => [name, [CYCLES[name].translator[0], CYCLES[name].bare[0]] as const]),
      ),
    },
    constants: offeredConstants(DEFAULT_MODEL),
  },

  create: ({ workload, technique, source: edited, constants }) => {
    if (!Object.hasOwn(TECHNIQUES, technique))
      throw new Error(`there are ${Object.keys(TECHNIQUES).join(', ')}, not ${technique}`);
    const under = TECHNIQUES[technique];
    // The nanobenchmarks were measured on a Pentium 4.
    const model = modelWith(workload === 'nano' ? PENTIUM_4 : DEFAULT_MODEL, constants);
    if (ON_VARVE.includes(workload)) {
      const loaded = { ok: true, source: '', diagnostics: [] };
      return { loaded, world: varveWorld(workload, { under, model }) };
    }
    if (!Object.hasOwn(SOURCES, workload))
      throw new Error(`there are ${[...FLAT, ...ON_VARVE].join(', ')}, not ${workload}`);
    const source = edited ?? SOURCES[workload]!;
    const { assembly, world } = flatWorld(source, INCLUDES, { under, model });
    return { loaded: { ok: world !== null, source, diagnostics: assembly.diagnostics }, world };
  },

  figures: (world: World, { workload }) =>
    (world instanceof PcWorld && workload === 'nano' && operationsIn(printedBy(world))) || {},

  verdict: (world: World, { workload }) =>
    !(world instanceof PcWorld) || workload === SHELL || workload === OWN
      ? ''
      : verdictOn(world, expected(workload)),
});
