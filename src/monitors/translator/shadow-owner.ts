/** Whose the translator's shadow page tables are: where they lie, and what they must know of translated code. */
import type { SystemPc } from '../../machines/pc/system.ts';
import type { ShadowOwner } from '../shadow/tables.ts';
import type { TranslationCache } from './cache.ts';
import { MONITOR, PAGE, POOL, RESERVED } from './layout.ts';
import { DROP, FILL, SHADOW } from './paths.ts';

/** Present, writable, accessed and dirty: the processor need not set them. */
const OWN = 0x63;
/** Where guest-physical addresses of the monitor's memory lead: nobody answers there. */
const NOWHERE = 0x7ff00000;

/** @param isDevice whether a frame is a device's that the monitor plays itself */
export function shadowOwner(
  system: SystemPc,
  cache: TranslationCache,
  isDevice: (frame: number) => boolean,
): ShadowOwner {
  const home = system.memorySize - RESERVED;
  return {
    pool: [home + POOL + PAGE, home + RESERVED],
    own: { index: MONITOR >>> 22, entry: (home + POOL) | OWN },
    account: SHADOW,
    costs: { fill: FILL, drop: DROP },
    frameOf: (frame) => {
      if (isDevice(frame)) return null;
      return frame >>> 0 >= home && frame >>> 0 < system.memorySize ? NOWHERE : frame;
    },
    load: (directory) => {
      system.loadCr3(directory);
    },
    invalidate: (linear) => {
      system.invalidatePage(linear);
    },
    holdsCode: (frame) => cache.holdsCodeOf(frame),
    remapped: (start, length) => {
      cache.dropLinear(start, length);
    },
  };
}

/** Maps the monitor itself: the table that all of its directories have in common. */
export function mapMonitor(system: SystemPc): void {
  const home = system.memorySize - RESERVED;
  for (let k = 0; k < 1024; k++) system.storePhysical(home + POOL + 4 * k, (home + k * PAGE) | OWN);
}
