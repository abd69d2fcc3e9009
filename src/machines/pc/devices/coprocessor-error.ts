/**
 * The coprocessor error logic of the PC/AT: FERR# becomes IRQ 13, and port F0 lets the processor go on (IGNNE#) until
 * the exception is cleared. IBM PC AT Technical Reference, section 1, "Math Coprocessor Control".
 */
import type { PortDevice } from './port-bus.ts';

const CLEAR_BUSY = 0xf0;
const RESET_COPROCESSOR = 0xf1;

export interface CoprocessorErrorState {
  readonly asserted: boolean;
  readonly ignored: boolean;
}

export class CoprocessorError implements PortDevice {
  readonly name = 'coprocessor error';
  static readonly PORTS = [CLEAR_BUSY, RESET_COPROCESSOR] as const;
  private asserted = false;
  private ignored = false;
  private readonly line: (high: boolean) => void;

  constructor(line: (high: boolean) => void) {
    this.line = line;
  }

  /** FERR# as it stands; whether the processor shall go on without waiting for the interrupt. */
  ferr(high: boolean): boolean {
    if (!high) this.ignored = false;
    else if (!this.ignored && !this.asserted) {
      this.asserted = true;
      this.line(true);
    }
    return !high || this.ignored;
  }

  read(): number {
    return 0xff;
  }

  write(): void {
    if (!this.asserted) return;
    this.asserted = false;
    this.ignored = true;
    this.line(false);
  }

  save(): CoprocessorErrorState {
    return { asserted: this.asserted, ignored: this.ignored };
  }

  restore(state: CoprocessorErrorState): void {
    this.asserted = state.asserted;
    this.ignored = state.ignored;
  }
}
