/**
 * The 8042 keyboard controller with its keyboard, and the other way to its output port, port 92: A20 and reset.
 * IBM PC/AT Technical Reference, "Keyboard Controller".
 */
import type { PortDevice } from './port-bus.ts';

const DATA = 0x60;
const COMMAND = 0x64;
const SYSTEM_CONTROL = 0x92;

const STATUS_OUTPUT_FULL = 0x01;
const STATUS_SYSTEM = 0x04;
const STATUS_COMMAND = 0x08;
const STATUS_NOT_LOCKED = 0x10;
const COMMAND_INTERRUPT = 0x01;
const COMMAND_TRANSLATE = 0x40;
const OUTPUT_NOT_RESET = 0x01;
const OUTPUT_A20 = 0x02;
const ACKNOWLEDGE = 0xfa;

export interface KeyboardState {
  readonly commandByte: number;
  readonly output: readonly number[];
  readonly a20: boolean;
  /** Command whose data byte is awaited: of the controller, or (from 0x100 on) of the keyboard; 0 = none. */
  readonly awaited: number;
  readonly lastWasCommand: boolean;
}

export interface KeyboardWiring {
  line(high: boolean): void;
  a20(enabled: boolean): void;
  reset(reason: string): void;
}

export class KeyboardController implements PortDevice {
  readonly name = '8042 keyboard controller';
  static readonly PORTS = [DATA, COMMAND, SYSTEM_CONTROL] as const;
  private state: KeyboardState = {
    commandByte: COMMAND_INTERRUPT | STATUS_SYSTEM | COMMAND_TRANSLATE,
    output: [],
    a20: true,
    awaited: 0,
    lastWasCommand: false,
  };
  private readonly wiring: KeyboardWiring;

  constructor(wiring: KeyboardWiring) {
    this.wiring = wiring;
  }

  private set(change: Partial<KeyboardState>): void {
    this.state = { ...this.state, ...change };
  }

  /** Scan codes (set 1) from the keyboard. */
  press(codes: readonly number[]): void {
    this.answer(...codes);
  }

  private answer(...bytes: readonly number[]): void {
    this.set({ output: [...this.state.output, ...bytes] });
    this.settle();
  }

  private settle(): void {
    this.wiring.line(this.state.output.length > 0 && (this.state.commandByte & COMMAND_INTERRUPT) !== 0);
  }

  read(port: number): number {
    if (port === SYSTEM_CONTROL) return this.state.a20 ? OUTPUT_A20 : 0;
    if (port === COMMAND)
      return (
        (this.state.output.length > 0 ? STATUS_OUTPUT_FULL : 0) |
        STATUS_SYSTEM |
        STATUS_NOT_LOCKED |
        (this.state.lastWasCommand ? STATUS_COMMAND : 0)
      );
    const [byte = 0, ...rest] = this.state.output;
    this.set({ output: rest });
    // The line falls between two bytes, so that the next one makes an edge of its own.
    this.wiring.line(false);
    this.settle();
    return byte;
  }

  write(port: number, value: number): void {
    if (port === SYSTEM_CONTROL) {
      this.setA20((value & OUTPUT_A20) !== 0);
      if ((value & 1) !== 0) this.wiring.reset('port 92');
      return;
    }
    this.set({ lastWasCommand: port === COMMAND });
    if (port === COMMAND) this.command(value);
    else this.data(value);
  }

  private setA20(enabled: boolean): void {
    this.set({ a20: enabled });
    this.wiring.a20(enabled);
  }

  private command(value: number): void {
    switch (value) {
      case 0x20: // read command byte
        this.answer(this.state.commandByte);
        break;
      case 0x60: // write command byte
      case 0xd1: // write output port
      case 0xd2: // write keyboard output buffer
      case 0xd3: // write auxiliary output buffer
      case 0xd4: // write auxiliary device
        this.set({ awaited: value });
        break;
      case 0xaa: // self-test
        this.answer(0x55);
        break;
      case 0xab: // test of the keyboard interface
        this.answer(0x00);
        break;
      case 0xd0: // read output port
        this.answer(OUTPUT_NOT_RESET | (this.state.a20 ? OUTPUT_A20 : 0));
        break;
      case 0xfe: // pulse the reset line
        this.wiring.reset('the keyboard controller');
        break;
      default: // enabling and disabling of the interfaces, and pulses of lines that lead nowhere
    }
  }

  private data(value: number): void {
    const { awaited } = this.state;
    this.set({ awaited: 0 });
    if (awaited === 0x60) {
      this.set({ commandByte: value });
      this.settle();
    } else if (awaited === 0xd1) {
      this.setA20((value & OUTPUT_A20) !== 0);
      if ((value & OUTPUT_NOT_RESET) === 0) this.wiring.reset('the keyboard controller');
    } else if (awaited === 0xd2) this.answer(value);
    else if (awaited === 0) this.toKeyboard(value);
    else if (awaited >= 0x100) this.answer(ACKNOWLEDGE);
  }

  /** Commands of the keyboard itself. */
  private toKeyboard(value: number): void {
    if (value === 0xff)
      this.answer(ACKNOWLEDGE, 0xaa); // reset
    else if (value === 0xf2)
      this.answer(ACKNOWLEDGE, 0xab, 0x83); // identify
    else if (value === 0xee)
      this.answer(0xee); // echo
    else {
      if (value === 0xed || value === 0xf0 || value === 0xf3) this.set({ awaited: 0x100 | value });
      this.answer(ACKNOWLEDGE);
    }
  }

  save(): KeyboardState {
    return this.state;
  }
  restore(state: KeyboardState): void {
    this.state = state;
  }
}
