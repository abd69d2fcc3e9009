/** The guest's state in the current VMCS, as handlers of exits read and change it: each access is a VMREAD or VMWRITE. */
import { FLAG_IF } from '../../machines/pc/eflags.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import type { FieldName } from '../../machines/pc/vmx/fields.ts';
import { EVENT_ERROR, EVENT_TYPE, EVENT_VALID } from '../../machines/pc/vmx/unit.ts';

/** STI or MOV SS holds interrupts off. */
const BLOCKED = 3;
const HLT = 1;

/** An event on whose way an exit was. */
export interface OnWay {
  readonly vector: number;
  readonly type: number;
  /** Error code, or −1 if it has none. */
  readonly error: number;
}

export class GuestState {
  private readonly system: SystemPc;

  constructor(system: SystemPc) {
    this.system = system;
  }

  get(name: FieldName): number {
    return this.system.vmx.read(name);
  }
  set(name: FieldName, value: number): void {
    this.system.vmx.write(name, value);
  }

  get blocked(): boolean {
    return (this.get('GUEST_INTERRUPTIBILITY') & BLOCKED) !== 0;
  }
  get interruptsOn(): boolean {
    return (this.get('GUEST_RFLAGS') & FLAG_IF) !== 0;
  }
  get halted(): boolean {
    return this.get('GUEST_ACTIVITY') === HLT;
  }
  /** Waits for an interrupt from the next entry on. */
  halt(): void {
    this.set('GUEST_ACTIVITY', HLT);
  }

  /** Goes on behind the instruction that exited, and ends what STI or MOV SS held off. */
  skip(): void {
    this.set('GUEST_RIP', (this.get('GUEST_RIP') + this.get('EXIT_INSTRUCTION_LENGTH')) | 0);
    this.set('GUEST_INTERRUPTIBILITY', this.get('GUEST_INTERRUPTIBILITY') & ~BLOCKED);
  }

  /** Has the next entry deliver an exception; @param error code of it, or −1 */
  inject(vector: number, error: number): void {
    this.set('ENTRY_ERROR_CODE', Math.max(0, error));
    this.set(
      'ENTRY_INTERRUPTION',
      EVENT_VALID | (EVENT_TYPE.HARDWARE << 8) | vector | (error >= 0 ? EVENT_ERROR : 0),
    );
  }
  injectInterrupt(vector: number): void {
    this.set('ENTRY_INTERRUPTION', EVENT_VALID | (EVENT_TYPE.EXTERNAL << 8) | vector);
  }
  get injecting(): boolean {
    return (this.get('ENTRY_INTERRUPTION') & EVENT_VALID) !== 0;
  }

  /** What was being delivered when the exit came, null: nothing. */
  get onWay(): OnWay | null {
    const event = this.get('IDT_VECTORING');
    if ((event & EVENT_VALID) === 0) return null;
    const error = (event & EVENT_ERROR) !== 0 ? this.get('IDT_VECTORING_ERROR') : -1;
    return { vector: event & 0xff, type: (event >>> 8) & 7, error };
  }
  /** An INT on whose way the exit was is executed again; what else was being delivered is injected. */
  reinject(): void {
    const { onWay } = this;
    if (!onWay || onWay.type >= EVENT_TYPE.SOFTWARE) return;
    this.set('ENTRY_ERROR_CODE', this.get('IDT_VECTORING_ERROR'));
    this.set('ENTRY_INTERRUPTION', this.get('IDT_VECTORING'));
  }
}
