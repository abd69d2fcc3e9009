/** Classic trap-and-emulate under a PC's guest: the monitor, and what it does and misses as events. */
import { hex } from '../../../base/bits.ts';
import type { Cpu } from '../../../machines/pc/cpu.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { NaiveMonitor, type NaiveObserver } from '../../../monitors/naive/monitor.ts';
import { MONITOR_BYTES } from '../../../monitors/naive/shadow.ts';
import type { VirtualPc } from '../../../monitors/naive/state.ts';
import { peekLinear } from '../subject.ts';
import type { PcMonitor, RunningMonitor, Tell } from './contract.ts';

const asEvents = (cpu: Cpu, tell: Tell): NaiveObserver => ({
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

const running = (pc: Pc, monitor: NaiveMonitor): RunningMonitor => ({
  end: (stop) =>
    stop.kind === 'wait' && monitor.guest.failure !== ''
      ? { kind: 'check', reason: monitor.guest.failure }
      : stop,
  get hangs() {
    return monitor.hangs;
  },
  observe: (tell) => {
    monitor.observe(tell && asEvents(pc.cpu, tell));
  },
  report: () => ({}),
  save: () => monitor.save(),
  restore: (state) => {
    monitor.restore(state as VirtualPc);
  },
});

export const naive: PcMonitor = {
  reserves: MONITOR_BYTES,
  start: (pc) => {
    const { cpu } = pc;
    if (!cpu.protectedMode || cpu.virtual8086)
      return 'the naive monitor runs kernels that begin in protected mode: give it a multiboot kernel, not a boot sector';
    const monitor = new NaiveMonitor(new NativePc(cpu));
    monitor.start({ base: cpu.gdtBase, limit: cpu.gdtLimit });
    return running(pc, monitor);
  },
};
