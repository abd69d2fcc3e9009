/** Binary translation under a PC's guest. */
import { restoreCpu, saveCpu, setA20 } from '../../../machines/pc/cpu-state.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { virtualProcessor } from '../../../machines/pc/virtual-processor.ts';
import { RESERVED } from '../../../monitors/translator/layout.ts';
import { Translator, type TranslatorObserver } from '../../../monitors/translator/monitor.ts';
import type { TranslatorState } from '../../../monitors/translator/state.ts';
import type { PcMonitor, RunningMonitor, Tell } from './contract.ts';

const asEvents = (tell: Tell): TranslatorObserver => ({
  callOut: (mnemonic) => {
    tell('simulate', { mnemonic });
  },
  reflected: (vector) => {
    tell('reflect', { name: `vector ${vector}` });
  },
  translated: () => undefined,
});

const running = (monitor: Translator): RunningMonitor => ({
  end: (stop) => {
    if (stop.kind !== 'budget') return stop;
    if (monitor.failure !== '') return { kind: 'shutdown', reason: monitor.failure };
    return monitor.hangs ? { kind: 'wait' } : stop;
  },
  get hangs() {
    return monitor.hangs;
  },
  observe: (tell) => {
    monitor.observer = tell && asEvents(tell);
  },
  report: () => monitor.report(),
  save: () => monitor.save(),
  restore: (state) => {
    monitor.restore(state as TranslatorState);
  },
});

/** Puts the monitor between a machine and the guest that its loader has readied. */
export function translate(pc: Pc): Translator {
  const { cpu } = pc;
  const guest = virtualProcessor(cpu, pc.toldMemory);
  restoreCpu(guest, saveCpu(cpu));
  // The line is the guest's; the monitor's memory lies beyond it.
  setA20(cpu, true);
  const monitor = new Translator(new NativePc(cpu), guest);
  guest.blocks.onStore = (at, size) => {
    monitor.stored(at, size);
    cpu.blocks.stored(at, size);
  };
  cpu.blocks.onReplaced = (at) => {
    guest.blocks.replaced(at);
    monitor.stored(at & -4096, 4096);
  };
  monitor.start();
  return monitor;
}

export const translator: PcMonitor = {
  reserves: RESERVED,
  start: (pc) => running(translate(pc)),
};
