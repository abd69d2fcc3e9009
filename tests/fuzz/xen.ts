/** Hypercalls drawn by lot, with arguments that are often almost right: no frame may get lost or change its owner. */
import { seededRandom } from '../../src/base/random.ts';
import { audit } from '../../src/monitors/xen/audit.ts';
import type { Domain } from '../../src/monitors/xen/domain.ts';
import { TABLE, WRITABLE } from '../../src/monitors/xen/frames.ts';
import { writeWords } from '../../src/monitors/xen/guest-memory.ts';
import { callHypercall } from '../../src/monitors/xen/hypercalls/table.ts';
import { HYPERCALLS } from '../../src/monitors/xen/interface.ts';
import { BASE, domainOf, rig, SPIN, type Rig } from '../../src/monitors/xen/testing.ts';

const PAGES = 160;
const CALLS = 40;
const SCRATCH = BASE + 8 * 4096;
const PAGE = 4096;
/** Paging is where frames can get lost: it comes more often. */
const OFTEN = [1, 1, 1, 14, 14, 26, 26, 26, 2, 10, 12, 12, 13, 20, 20, 20];
/** What ends a domain, which would end the sequence too. */
const ENDING = new Set([6, 23, 29]);
const NUMBERS = [...Object.keys(HYPERCALLS).map(Number), ...OFTEN].filter((number) => !ENDING.has(number));

/** What is wrong after the calls of `seed`, or null. */
export function hostileCalls(seed: number): string | null {
  const machine = rig(4 << 20);
  const { xen } = machine;
  const free = xen.frames.state.free.length;
  const victim = domainOf(xen, SPIN, { pages: PAGES });
  const attacker = domainOf(xen, SPIN, { pages: PAGES });
  lend(machine, victim, attacker, seed);
  const before = ownedBytes(machine, victim);
  victim.state = 'paused';
  xen.run();
  const draw = drawer(machine, attacker, seed);
  for (let k = 0; k < CALLS; k++) {
    const number = draw.pick(NUMBERS);
    const { list, registers } = draw.request(number);
    writeWords(xen.system, SCRATCH, list);
    callHypercall(xen, attacker, number, registers);
    const wrong = audit(xen);
    if (wrong.length > 0) return `after call ${k}, ${HYPERCALLS[number]}: ${wrong[0]}`;
  }
  if (ownedBytes(machine, victim) !== before) return "the other domain's memory has changed";
  xen.destroy(attacker);
  xen.destroy(victim);
  const left = xen.frames.state.free.length;
  return left === free ? (audit(xen)[0] ?? null) : `${free - left} frames did not come back`;
}

const LENT = 8;

/** The victim's grant table: some frames for the attacker to read, page tables among them, and some for others. */
function lend({ xen }: Rig, victim: Domain, attacker: Domain, seed: number): void {
  const random = seededRandom(seed + 1);
  const table = xen.frames.allocate(victim.id);
  xen.frames.state.type[table] = WRITABLE;
  xen.frames.state.uses[table] = 1;
  victim.grantFrames.push(table);
  const own = Array.from({ length: xen.frames.count }, (_, k) => k).filter((k) =>
    xen.frames.owns(victim.id, k),
  );
  for (let ref = 0; ref < LENT; ref++) {
    const to = ref % 4 === 3 ? victim.id : attacker.id;
    xen.system.storePhysical(table * PAGE + 8 * ref, 5 | (to << 16));
    xen.system.storePhysical(table * PAGE + 8 * ref + 4, own[random.below(own.length)]!);
  }
}

/** All the memory of a domain, as one number; but for its grant table, where Xen says what is in use. */
function ownedBytes({ pc, xen }: Rig, domain: Domain): number {
  let sum = 0;
  for (let frame = 0; frame < xen.frames.count; frame++) {
    if (!xen.frames.owns(domain.id, frame) || frame === domain.sharedInfo) continue;
    if (domain.grantFrames.includes(frame)) continue;
    for (let at = frame * PAGE; at < (frame + 1) * PAGE; at += 4)
      sum = (Math.imul(sum, 31) + pc.cpu.view.getInt32(at, true)) | 0;
  }
  return sum;
}

/** Words in memory and in registers for a hypercall: by lot, or well formed with frames that are often used. */
function drawer({ xen }: Rig, domain: Domain, seed: number) {
  const random = seededRandom(seed);
  const below = (bound: number): number => random.below(bound);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const all = Array.from({ length: xen.frames.count }, (_, k) => k);
  const own = all.filter((k) => xen.frames.owns(domain.id, k));
  const hot = Array.from({ length: 5 }, () => 16 + below(PAGES - 40));
  const linear = (): number => BASE + PAGE * pick(hot);
  const known = hot.map(
    (k) => xen.system.loadPhysical(xen.tables.entryAddress(domain.cr3, BASE + PAGE * k)) >>> 12,
  );
  const table = (): number => pick([domain.cr3, ...own.filter((k) => xen.frames.state.type[k] === TABLE)]);
  const frame = (): number => pick([pick(known), pick(known), table(), pick(own), below(all.length)]);
  const entry = (): number => frame() * PAGE + pick([0, 1, 1, 5, 3, 7, 0x67, 0x83]);
  const small = (): number => pick([0, 0, 1, 1, 2, 3, below(16), 0x7ff0, below(0x10000)]);
  const word = (): number => pick([small(), frame(), entry(), frame() * PAGE + 4 * below(1024), SCRATCH]) | 0;
  const self = (): number => pick([0x7ff0, 0x7ff0, 0x7ff0, 1, 2]);
  const anything = (): Request => ({
    list: Array.from({ length: 16 }, word),
    registers: [pick([SCRATCH, SCRATCH, small(), word()]) | 0, small(), word(), small(), small()],
  });
  const formed: Readonly<Record<number, () => Request>> = {
    1: () => ({
      list: [table() * PAGE + 4 * below(1024) + pick([0, 0, 1, 2]), 0, entry(), 0],
      registers: [SCRATCH | 0, 1, 0, self(), 0],
    }),
    2: () => ({ list: [frame(), frame()], registers: [SCRATCH | 0, pick([0, 8, 512, 1024]), 0, 0, 0] }),
    10: () => ({
      list: [],
      registers: [
        (frame() * PAGE + 8 * below(512)) | 0,
        0,
        word(),
        pick([0xcf9300, 0xcffb00, 0xfdcf9300]) | 0,
        0,
      ],
    }),
    12: () => ({
      list: [SCRATCH + 32, 1, 0, 0, self(), 0, 0, 0, frame()],
      registers: [pick([0, 1, 1, 6]), SCRATCH | 0, 0, 0, 0],
    }),
    14: () => ({ list: [], registers: [linear() | 0, entry() | 0, 0, below(3), 0] }),
    20: () => {
      const ref = pick([below(LENT), below(LENT), 600]);
      const place = pick([linear(), linear(), SCRATCH, entry()]);
      const { mappings } = xen.state;
      const known = mappings.length > 0 ? pick(mappings) : null;
      if (below(4) === 0) {
        const end = (): number[] => [pick([ref, frame()]), pick([0x7ff0, 1, 2]) | (pick([0, 4, 4094]) << 16)];
        const list = [...end(), ...end(), pick([0, 4, 64, 4096]) | (below(4) << 16), 0];
        return { list, registers: [5, SCRATCH | 0, 1, 0, 0] };
      }
      return below(3) > 0
        ? {
            list: [place, 0, pick([2, 6, 6, 6, 1, 22]), ref, 1, 0, 0, 0],
            registers: [0, SCRATCH | 0, 1, 0, 0],
          }
        : {
            list: [known?.place ?? place, 0, 0, 0, known?.handle ?? below(9), 0],
            registers: [1, SCRATCH | 0, 1, 0, 0],
          };
    },
    26: () => ({
      list: [pick([0, 0, 1, 4, 4, 5, 6, 13]), frame(), 1],
      registers: [SCRATCH | 0, 1, 0, self(), 0],
    }),
  };
  const request = (number: number): Request => (below(4) === 0 ? anything() : (formed[number] ?? anything)());
  return { pick, request };
}

interface Request {
  readonly list: readonly number[];
  readonly registers: readonly number[];
}
