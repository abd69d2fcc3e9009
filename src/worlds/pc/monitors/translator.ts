/** Binary translation under a PC's guest. */
import { restoreCpu, saveCpu, setA20 } from '../../../machines/pc/cpu-state.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { virtualProcessor } from '../../../machines/pc/virtual-processor.ts';
import { VIRTUAL_PORT } from '../../../monitors/translator/paths.ts';
import { RESERVED } from '../../../monitors/translator/layout.ts';
import {
  DEFAULT_OPTIONS,
  Translator,
  type TranslatorObserver,
  type TranslatorOptions,
} from '../../../monitors/translator/monitor.ts';
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
  end: (stop) =>
    stop.kind === 'wait' && monitor.failure !== '' ? { kind: 'shutdown', reason: monitor.failure } : stop,
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
export function translate(pc: Pc, options: TranslatorOptions = DEFAULT_OPTIONS): Translator {
  const { cpu } = pc;
  const guest = virtualProcessor(cpu, pc.toldMemory, VIRTUAL_PORT);
  restoreCpu(guest, saveCpu(cpu));
  // The line is the guest's; the monitor's memory lies beyond it.
  setA20(cpu, true);
  const monitor = new Translator(new NativePc(cpu), guest, options);
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

const withOptions = (options: Partial<TranslatorOptions> = {}): PcMonitor => ({
  reserves: RESERVED,
  start: (pc) => running(translate(pc, { ...DEFAULT_OPTIONS, ...options })),
});

export const translator = withOptions();
/** Real devices are worked by way of a host operating system, as in the products of 1999. */
export const hostedTranslator = withOptions({ io: 'hosted' });
/** For comparison: units always leave by the monitor; instructions that keep faulting are never translated anew. */
export const unchainedTranslator = withOptions({ chaining: false });
export const rigidTranslator = withOptions({ adaptive: false });
