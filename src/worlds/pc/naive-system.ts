/** A guest under the naive monitor: the monitor, and what it does and misses as events. */
import { MONITOR_BYTES } from '../../monitors/naive/shadow.ts';
import { NaiveMonitor, type NaiveObserver } from '../../monitors/naive/monitor.ts';
import { NativePc } from '../../machines/pc/native-system.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import type { Pc } from '../../machines/pc/machine.ts';
import type { Stop } from '../../machines/contract.ts';
import { hex } from '../../base/bits.ts';
import type { EventView } from '../../protocol/frame.ts';
import { peekLinear } from './subject.ts';

export const NAIVE_RESERVES = MONITOR_BYTES;

/** Takes over a machine whose loader has readied it to run a kernel in flat protected mode; a string says why not. */
export function underNaive(pc: Pc): NaiveMonitor | string {
  const { cpu } = pc;
  if (!cpu.protectedMode || cpu.virtual8086)
    return 'the naive monitor runs kernels that begin in protected mode: give it a multiboot kernel, not a boot sector';
  const monitor = new NaiveMonitor(new NativePc(cpu));
  monitor.start({ base: cpu.gdtBase, limit: cpu.gdtLimit });
  return monitor;
}

/** What the monitor knows of the guest's end, though the machine itself could go on. */
export function endUnder(monitor: NaiveMonitor | null, stop: Stop): Stop {
  if (!monitor || stop.kind !== 'budget') return stop;
  if (monitor.guest.failure !== '') return { kind: 'check', reason: monitor.guest.failure };
  return monitor.hangs ? { kind: 'wait' } : stop;
}

/** What an observer hears as events; `tell` adds when and where. */
export const asEvents = (
  cpu: Cpu,
  tell: (kind: string, detail: EventView['detail']) => void,
): NaiveObserver => ({
  peek: (linear) => {
    const bytes = peekLinear(cpu, linear >>> 0, 4);
    return bytes.length === 4 ? new DataView(bytes.buffer).getInt32(0, true) : null;
  },
  simulated: (mnemonic) => {
    tell('simulate', { mnemonic });
  },
  reflected: ({ vector }) => {
    tell('reflect', { name: `vector ${vector}` });
  },
  silent: ({ mnemonic, name, got, wanted }) => {
    tell('silent', { mnemonic, name: `${name} ${hex(got, 1)} ≠ ${hex(wanted, 1)}` });
  },
});
