/** What the chipset's devices are after a system reset. */
import type { ChipsetState } from './chipset.ts';
import { withoutInterrupts } from './devices/cmos-rtc.ts';

/**
 * `powerOn`, with what outlasts a reset as it is `now`: what a battery keeps, what is on disks, what has been sent and
 * counted, and what somebody is typing.
 */
export function afterReset(powerOn: ChipsetState, now: ChipsetState): ChipsetState {
  const line = (port: 'com1' | 'com2'): ChipsetState['com1'] => {
    const { sent, incoming, arrivesAt } = now[port];
    return { ...powerOn[port], sent, incoming, arrivesAt };
  };
  const { strokes, nextStroke } = now.keyboard;
  return {
    ...powerOn,
    bus: now.bus,
    console: now.console,
    com1: line('com1'),
    com2: line('com2'),
    cmos: withoutInterrupts(now.cmos),
    keyboard: { ...powerOn.keyboard, strokes, nextStroke },
    ata: powerOn.ata.map((channel, k) => ({ ...channel, media: now.ata[k]!.media })),
    virtioBlock: powerOn.virtioBlock &&
      now.virtioBlock && { ...powerOn.virtioBlock, medium: now.virtioBlock.medium },
    floppy: { ...powerOn.floppy, medium: now.floppy.medium },
  };
}
