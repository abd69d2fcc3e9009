/** Hypercalls drawn by lot, with arguments that are often almost right: no frame may get lost or change its owner. */
import { seededRandom } from '../../src/base/random.ts';
import { audit } from '../../src/monitors/xen/audit.ts';
import type { Domain } from '../../src/monitors/xen/domain.ts';
import { writeWords } from '../../src/monitors/xen/guest-memory.ts';
import { callHypercall } from '../../src/monitors/xen/hypercalls/table.ts';
import { HYPERCALLS } from '../../src/monitors/xen/interface.ts';
import { BASE, domainOf, rig, SPIN, type Rig } from '../../src/monitors/xen/testing.ts';

const PAGES = 160;
const CALLS = 40;
const SCRATCH = BASE + 8 * 4096;
const PAGE = 4096;
/** Paging is where frames can get lost: it comes more often. */
const OFTEN = [1, 1, 1, 14, 14, 26, 26, 26, 2, 10, 12, 12, 13, 20];
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
  const before = ownedBytes(machine, victim);
  victim.state = 'paused';
  xen.run();
  const draw = drawer(machine, attacker, seed);
  for (let k = 0; k < CALLS; k++) {
    const number = draw.pick(NUMBERS);
    writeWords(
      xen.system,
      SCRATCH,
      Array.from({ length: 16 }, () => draw.word()),
    );
    callHypercall(xen, attacker, number, [
      draw.argument(),
      draw.small(),
      draw.word(),
      draw.small(),
      draw.small(),
    ]);
    const wrong = audit(xen);
    if (wrong.length > 0) return `after call ${k}, ${HYPERCALLS[number]}: ${wrong[0]}`;
  }
  if (ownedBytes(machine, victim) !== before) return "the other domain's memory has changed";
  xen.destroy(attacker);
  xen.destroy(victim);
  const left = xen.frames.state.free.length;
  return left === free ? (audit(xen)[0] ?? null) : `${free - left} frames did not come back`;
}

/** All the memory of a domain, as one number. */
function ownedBytes({ pc, xen }: Rig, domain: Domain): number {
  let sum = 0;
  for (let frame = 0; frame < xen.frames.count; frame++) {
    if (!xen.frames.owns(domain.id, frame) || frame === domain.sharedInfo) continue;
    for (let at = frame * PAGE; at < (frame + 1) * PAGE; at += 4)
      sum = (Math.imul(sum, 31) + pc.cpu.view.getInt32(at, true)) | 0;
  }
  return sum;
}

function drawer({ xen }: Rig, domain: Domain, seed: number) {
  const random = seededRandom(seed);
  const below = (bound: number): number => random.below(bound);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const own = Array.from({ length: xen.frames.count }, (_, k) => k).filter((k) =>
    xen.frames.owns(domain.id, k),
  );
  const frame = (): number => pick([pick(own), domain.cr3, pick(own), below(xen.frames.count)]);
  const small = (): number => pick([0, 0, 1, 1, 2, 3, below(16), 0x7ff0, below(0x10000)]);
  const word = (): number => {
    const flags = pick([0, 1, 3, 5, 7, 0x63, 0x67, 0x83]);
    return (
      pick([
        small(),
        frame(),
        frame() * PAGE + flags,
        frame() * PAGE + 4 * below(1024),
        SCRATCH,
        below(2 ** 31),
      ]) | 0
    );
  };
  return {
    pick,
    small,
    word,
    argument: () => pick([SCRATCH, SCRATCH, SCRATCH, small(), BASE + PAGE * below(PAGES), word()]) | 0,
  };
}
