/** The Popek–Goldberg chapter's engine: small kernels and Varve on a bare PC, and under classic trap-and-emulate. */
import { defineWorld, type World } from '../../src/lab/world.ts';
import type { PcMonitorName } from '../../src/worlds/pc/monitors/table.ts';
import { PcWorld, SERIAL } from '../../src/worlds/pc/world.ts';
import { flatWorld, LAB_MEMORY, type Includes } from '../+shared/pc/flat.ts';
import { varveDisk, varveKernel } from '../+shared/pc/varve.ts';
import { commandLine, WORKLOADS } from '../+shared/pc/workloads.ts';

const SOURCES: Readonly<Record<string, string>> = import.meta.glob<string>('./guests/*.asm', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const INCLUDES: Readonly<Record<string, string>> = import.meta.glob<string>('./guests/*.inc', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const includes: Includes = Object.fromEntries(
  Object.entries(INCLUDES).map(([path, text]) => [path.slice('./guests/'.length), text]),
);

/** In the order of the chapter: guests in assembly, then programs on Varve. */
const FLAT = ['popf', 'sgdt', 'smsw', 'segments', 'behaves'];
const ON_VARVE = ['compute', 'syscall', 'shell'];
/** Talked to, so that it has no result of its own. */
const SHELL = 'shell';

const TECHNIQUES: Readonly<Record<string, PcMonitorName | undefined>> = { bare: undefined, naive: 'naive' };

/** What the guest prints when all is as it left it. */
function expected(workload: string): RegExp | null {
  if (FLAT.includes(workload)) return new RegExp(`^${workload}: ok$`, 'm');
  return WORKLOADS.find(({ name }) => name === workload)?.expect ?? null;
}

function varveUnder(workload: string, under: PcMonitorName | undefined): PcWorld {
  const words = WORKLOADS.find(({ name }) => name === workload)?.arguments;
  const world = PcWorld.create({
    memory: LAB_MEMORY,
    disks: [varveDisk()],
    program: {
      kind: 'kernel',
      file: varveKernel(),
      name: 'varve',
      append: commandLine(workload === SHELL ? 'sh' : workload, words),
      modules: [],
      ramdisk: null,
    },
    ...(under && { under }),
  });
  if (typeof world === 'string') throw new Error(world);
  return world;
}

const printed = (world: PcWorld): string =>
  (world.terminals().find(({ id }) => id === SERIAL)?.text ?? '').replaceAll('\r', '');

/** The line in which the guest itself says what is wrong, if it does. */
function complaint(text: string): string {
  const lines = text.split('\n').filter((line) => /WRONG|panic/.test(line));
  return (lines.find((line) => line.includes('panic')) ?? lines[0] ?? '').trim();
}

export default defineWorld({
  offer: { workloads: [...FLAT, ...ON_VARVE], techniques: Object.keys(TECHNIQUES), constants: [] },

  create: ({ workload, technique, source: edited }) => {
    if (!Object.hasOwn(TECHNIQUES, technique))
      throw new Error(`there are ${Object.keys(TECHNIQUES).join(', ')}, not ${technique}`);
    const under = TECHNIQUES[technique];
    if (ON_VARVE.includes(workload)) {
      const loaded = { ok: true, source: '', diagnostics: [] };
      return { loaded, world: varveUnder(workload, under) };
    }
    const own = SOURCES[`./guests/${workload}.asm`];
    if (own === undefined) throw new Error(`there are ${[...FLAT, ...ON_VARVE].join(', ')}, not ${workload}`);
    const source = edited ?? own;
    const { assembly, world } = flatWorld(source, includes, under);
    return { loaded: { ok: world !== null, source, diagnostics: assembly.diagnostics }, world };
  },

  verdict: (world: World, { workload }) => {
    if (!(world instanceof PcWorld) || workload === SHELL) return '';
    const text = printed(world);
    if (expected(workload)?.test(text)) return '';
    const why = complaint(text);
    const hangs =
      world.idle && world.waitsDisabled ? 'it waits for an interrupt that can never reach it' : '';
    return [why, hangs].filter((each) => each !== '').join('; ') || 'the line that says ok is missing';
  },
});
