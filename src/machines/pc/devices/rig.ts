/** Ports that only test rigs have: a debug console, ports whose writing ends the run, POST codes. */
import { ByteLog, type ByteLogState } from './byte-log.ts';
import type { PortDevice } from './port-bus.ts';

/** Bochs' and QEMU's debug console: reading gives its own number. */
const CONSOLE = 0xe9;
/** Where SeaBIOS prints its log. */
const BIOS_LOG = 0x402;
/** isa-debug-exit, at the place that test kernels choose and at its own. */
const EXITS = [0xf4, 0x501] as const;
const POST_CODE = 0x80;

/** The status that QEMU's isa-debug-exit gives: odd, so that it never says "well". */
const exitCode = (value: number): number => ((value << 1) | 1) & 0xff;

export class DebugConsole implements PortDevice {
  readonly name = 'debug console';
  static readonly PORTS = [CONSOLE, BIOS_LOG] as const;
  private readonly printed = new ByteLog();
  /** What was printed, each byte a character. */
  get text(): string {
    return this.printed.text();
  }
  read(port: number): number {
    return port === CONSOLE ? CONSOLE : 0xe9;
  }
  write(_port: number, value: number): void {
    this.printed.push(value);
  }
  save(): ByteLogState {
    return this.printed.save();
  }
  restore(state: ByteLogState): void {
    this.printed.restore(state);
  }
}

export class DebugExit implements PortDevice {
  readonly name = 'debug exit';
  static readonly PORTS = EXITS.flatMap((port) =>
    port === 0xf4 ? [port, port + 1, port + 2, port + 3] : [port],
  );
  private readonly exit: (code: number) => void;

  constructor(exit: (code: number) => void) {
    this.exit = exit;
  }

  read(): number {
    return 0;
  }
  write(port: number, value: number): void {
    if (EXITS.some((exit) => exit === port)) this.exit(exitCode(value));
  }
  /** A wider value counts whole; of it the low seven bits reach the status. */
  writeWide(port: number, _size: 2 | 4, value: number): boolean {
    this.write(port, value);
    return true;
  }
}

/** POST codes: the last one is kept; the port also serves as a short delay. */
export class PostCode implements PortDevice {
  readonly name = 'POST code';
  static readonly PORTS = [POST_CODE] as const;
  code = 0;
  read(): number {
    return this.code;
  }
  write(_port: number, value: number): void {
    this.code = value;
  }
}
