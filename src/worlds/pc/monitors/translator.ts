/** Binary translation under a PC's guest. */
import { restoreCpu, saveCpu, setA20 } from '../../../machines/pc/cpu-state.ts';
import type { Cpu } from '../../../machines/pc/cpu.ts';
import type { Pc } from '../../../machines/pc/machine.ts';
import { NativePc } from '../../../machines/pc/native-system.ts';
import { CS } from '../../../machines/pc/registers.ts';
import { virtualProcessor } from '../../../machines/pc/virtual-processor.ts';
import { VIRTUAL_PORT } from '../../../monitors/translator/paths.ts';
import { RESERVED } from '../../../monitors/translator/layout.ts';
import { Translator } from '../../../monitors/translator/monitor.ts';
import type { TranslatorObserver } from '../../../monitors/translator/observer.ts';
import { DEFAULT_OPTIONS, type TranslatorOptions } from '../../../monitors/translator/options.ts';
import type { TranslatorState } from '../../../monitors/translator/state.ts';
import { linearPointer } from '../code.ts';
import { guestRegisters, setGuestRegister } from '../guest-registers.ts';
import { guestPointerOf, translatorView } from '../translator-view.ts';
import type { PcMonitor, RunningMonitor, Tell } from './contract.ts';

/** The monitor has the guest's state in the virtual processor when it tells. */
const asEvents = (guest: Cpu, tell: Tell): TranslatorObserver => ({
  callOut: (mnemonic) => {
    tell('simulate', { mnemonic }, linearPointer(guest));
  },
  reflected: (vector) => {
    tell('reflect', { name: `vector ${vector}` }, linearPointer(guest));
  },
  translated: (eip, instructions) => {
    tell('translate', { name: String(instructions) }, (guest.bases[CS]! + eip) >>> 0);
  },
  filled: (address) => {
    tell('shadow-fault', { page: address >>> 0 });
  },
  traced: (address) => {
    tell('trace', { page: address >>> 0 }, linearPointer(guest));
  },
  adapted: (eip, callsOut) => {
    tell(callsOut ? 'adapt' : 'adapt-back', {}, (guest.bases[CS]! + eip) >>> 0);
  },
  dropped: (units) => {
    tell('drop', { name: String(units) }, linearPointer(guest));
  },
});

const running = ({ cpu }: Pc, monitor: Translator): RunningMonitor => ({
  guest: monitor.guest,
  guestRegisters: () => guestRegisters(cpu, monitor),
  setRegister: (register, value) => {
    setGuestRegister(cpu, monitor, register, value);
  },
  guestPointer: () => guestPointerOf(cpu, monitor),
  translated: (lineAt) => translatorView(cpu, monitor, lineAt),
  end: (stop) =>
    stop.kind === 'wait' && monitor.failure !== '' ? { kind: 'shutdown', reason: monitor.failure } : stop,
  get hangs() {
    return monitor.hangs;
  },
  observe: (tell) => {
    monitor.observer = tell && asEvents(monitor.guest, tell);
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
  const guest = virtualProcessor(cpu, pc.toldMemory, VIRTUAL_PORT, (at, size) => {
    monitor.stored(at, size);
    cpu.blocks.stored(at, size);
  });
  restoreCpu(guest, saveCpu(cpu));
  // The line is the guest's; the monitor's memory lies beyond it.
  setA20(cpu, true);
  const monitor = new Translator(new NativePc(cpu), guest, options);
  cpu.blocks.onReplaced = (at) => {
    guest.blocks.replaced(at);
    monitor.stored(at & -4096, 4096);
  };
  monitor.start();
  return monitor;
}

const withOptions = (options: Partial<TranslatorOptions> = {}): PcMonitor => ({
  reserves: RESERVED,
  start: (pc) => running(pc, translate(pc, { ...DEFAULT_OPTIONS, ...options })),
});

export const translator = withOptions();
/** Real devices are worked by way of a host operating system, as in the products of 1999. */
export const hostedTranslator = withOptions({ io: 'hosted' });
/** For comparison: units always leave by the monitor; instructions that keep faulting are never translated anew. */
export const unchainedTranslator = withOptions({ chaining: false });
export const rigidTranslator = withOptions({ adaptive: false });
/** … and shadow page tables kept for the present address space only, or not kept true by watching the guest's. */
export const singleTranslator = withOptions({ shadows: 'single' });
export const untracedTranslator = withOptions({ shadows: 'untraced' });
