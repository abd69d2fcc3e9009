/** What every handler of an exit works with, and what most fall back on: executing the instruction for the guest. */
import type { Cpu } from '../../machines/pc/cpu.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import { EVENT_TYPE } from '../../machines/pc/vmx/unit.ts';
import type { Emulator } from './emulator.ts';
import type { GuestState } from './guest-state.ts';
import { EMULATE, type MonitorAccounts } from './paths.ts';

export interface Handling {
  readonly system: SystemPc;
  /** The processor: general registers are the guest's after an exit. */
  readonly real: Cpu;
  readonly guest: GuestState;
  readonly emulator: Emulator;
  readonly accounts: MonitorAccounts;
}

/** The instruction, or the event on whose way the exit was, on the virtual processor. */
export function emulate({ guest, emulator, system, accounts }: Handling): void {
  const { onWay } = guest;
  system.work(accounts.emulation, EMULATE);
  if (onWay && onWay.type < EVENT_TYPE.SOFTWARE)
    emulator.deliver(
      onWay.vector,
      onWay.type === EVENT_TYPE.EXTERNAL ? 'external' : 'exception',
      onWay.error,
    );
  else emulator.one();
}
