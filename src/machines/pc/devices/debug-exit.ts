/** Ports that only test rigs have: a byte written ends the run (as QEMU's isa-debug-exit), POST codes are shown nowhere. */
import type { PortDevice } from './port-bus.ts';

const EXIT = 0xf4;
const POST_CODE = 0x80;

export class DebugExit implements PortDevice {
  readonly name = 'debug exit and POST code';
  static readonly PORTS = [EXIT, EXIT + 1, EXIT + 2, EXIT + 3, POST_CODE] as const;
  private readonly exit: (value: number) => void;

  constructor(exit: (value: number) => void) {
    this.exit = exit;
  }

  read(): number {
    return 0;
  }

  write(port: number, value: number): void {
    if (port === EXIT) this.exit(value);
  }
}
