/** The chapter on hardware assistance: kernels bare, translated, and by VT-x; and a hypervisor in assembly on two processors. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import { PENTIUM_4 } from '../../src/machines/pc/models/pentium4.ts';
import { WESTMERE } from '../../src/machines/pc/models/westmere.ts';
import { modelWith, offeredConstants } from '../../src/worlds/constants.ts';
import { PcWorld } from '../../src/worlds/pc/world.ts';
import { flatWorld } from '../+shared/pc/flat.ts';
import { INCLUDES, SHARED_GUESTS } from '../+shared/pc/guests/guests.ts';
import nano from '../+shared/pc/nano/nano.asm?raw';
import { expectedOf, SHELL, varveWorld, verdictOn } from '../+shared/pc/varve-world.ts';
import { HYPERVISOR } from '../+shared/pc/vmx/hypervisor.ts';
import kernel from './guests/kernel.asm?raw';
import { DISK, DISK_EXPECTED, diskWorld, WAYS, type Technique } from './ways.ts';

/** In the order of the chapter: guests in assembly, then programs on Varve. */
const SOURCES: Readonly<Record<string, string>> = {
  popf: SHARED_GUESTS.popf,
  hypervisor: HYPERVISOR,
  kernel,
  nano,
};
const ON_VARVE = ['compute', 'syscall', 'forkwait', 'ptemod', 'portio', 'io', SHELL];
const WORKLOADS = [...Object.keys(SOURCES), ...ON_VARVE, DISK];
/** Itself a user of VT-x: under nested paging its guest runs in a virtual machine in a virtual machine. */
const USES_VMX = 'hypervisor';
/** What the paper of 2006 measured, on its processor. */
const OF_2005 = ['nano', 'forkwait'];
/** Fewer than the program makes by itself: each costs the first VT-x a hundred and fifty exits. */
const PROCESSES = 40;

const TECHNIQUES: Readonly<Record<string, Technique>> = {
  bare: { model: WESTMERE },
  translator: { model: WESTMERE, under: 'translator' },
  vmx: { model: WESTMERE, under: 'vmx' },
  'vmx-shadow': { model: WESTMERE, under: 'vmx-shadow' },
  'vmx-nested': { model: WESTMERE, under: 'vmx-nested' },
  'bare-2005': { model: PENTIUM_4 },
  'translator-2005': { model: PENTIUM_4, under: 'translator' },
  'vmx-2005': { model: PENTIUM_4, under: 'vmx-shadow' },
  ...WAYS,
};
const MONITORED = ['bare', 'translator', 'vmx-shadow', 'vmx'];
/** … and of those that are not too long for a virtual machine in a virtual machine. */
const NESTED = ['popf', 'kernel', 'portio'];
const MONITORED_2005 = ['bare-2005', 'translator-2005', 'vmx-2005'];

const EXPECTED: Readonly<Record<string, RegExp>> = {
  [DISK]: DISK_EXPECTED,
  hypervisor: /^STRATA GUEST\nguest halted$/m,
  forkwait: new RegExp(
    `^forkwait: ${PROCESSES} processes, ${PROCESSES} of them ended as they should: ok$`,
    'm',
  ),
};
const expected = (workload: string): RegExp | null => {
  if (Object.hasOwn(EXPECTED, workload)) return EXPECTED[workload]!;
  return Object.hasOwn(SOURCES, workload) ? new RegExp(`^${workload}: ok$`, 'm') : expectedOf(workload);
};

export default defineWorld({
  offer: {
    workloads: WORKLOADS,
    techniques: Object.keys(TECHNIQUES),
    only: {
      ...Object.fromEntries(WORKLOADS.map((workload) => [workload, MONITORED])),
      ...Object.fromEntries(NESTED.map((workload) => [workload, [...MONITORED, 'vmx-nested']])),
      ...Object.fromEntries(OF_2005.map((workload) => [workload, MONITORED_2005])),
      [USES_VMX]: ['bare', 'vmx', 'bare-2005'],
      [DISK]: ['bare', ...Object.keys(WAYS)],
    },
    constants: offeredConstants(WESTMERE),
  },

  create: ({ workload, technique, source: edited, constants }) => {
    if (!Object.hasOwn(TECHNIQUES, technique))
      throw new Error(`there are ${Object.keys(TECHNIQUES).join(', ')}, not ${technique}`);
    if (!WORKLOADS.includes(workload)) throw new Error(`there are ${WORKLOADS.join(', ')}, not ${workload}`);
    const chosen = TECHNIQUES[technique]!;
    const options = { ...chosen, model: modelWith(chosen.model, constants) };
    if (ON_VARVE.includes(workload)) {
      const loaded = { ok: true, source: '', diagnostics: [] };
      const words = workload === 'forkwait' ? { words: [String(PROCESSES)] } : {};
      return { loaded, world: varveWorld(workload, { ...options, ...words }) };
    }
    if (workload === DISK)
      return { loaded: { ok: true, source: '', diagnostics: [] }, world: diskWorld(options) };
    const source = edited ?? SOURCES[workload]!;
    const { assembly, world } = flatWorld(source, INCLUDES, options);
    return { loaded: { ok: world !== null, source, diagnostics: assembly.diagnostics }, world };
  },

  verdict: (world: World, { workload }) =>
    !(world instanceof PcWorld) || workload === SHELL ? '' : verdictOn(world, expected(workload)),
});
