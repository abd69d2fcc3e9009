/**
 * The 8042 keyboard controller, its keyboard, and the other way to its output port, port 92: A20 and reset. No mouse is
 * plugged in: whatever is sent to one times out. IBM PC/AT and PS/2 Hardware Interface Technical References.
 */
import { Keyboard, type KeyboardState } from './keyboard.ts';
import type { PortDevice } from './port-bus.ts';
import { strokesOf, toSet1, type Stroke } from './scan-codes.ts';
import type { Clocked, Timed } from './wiring.ts';

const DATA = 0x60;
const COMMAND = 0x64;
const SYSTEM_CONTROL = 0x92;

const STATUS_OUTPUT_FULL = 0x01;
const STATUS_SYSTEM = 0x04;
const STATUS_COMMAND = 0x08;
const STATUS_NOT_LOCKED = 0x10;
const STATUS_FROM_MOUSE = 0x20;
const STATUS_TIMEOUT = 0x40;
const MODE_INTERRUPT = 0x01;
const MODE_MOUSE_INTERRUPT = 0x02;
const MODE_SYSTEM = 0x04;
const MODE_KEYBOARD_OFF = 0x10;
const MODE_MOUSE_OFF = 0x20;
const MODE_TRANSLATE = 0x40;
const OUTPUT_NOT_RESET = 0x01;
const OUTPUT_A20 = 0x02;
const RELEASE = 0xf0;
const TIMED_OUT = 0xfe;

/** Seconds for a byte on the cable, and between two strokes of whoever types. */
const BYTE_TIME = 500e-6;
const STROKE_TIME = 20e-3;

/** A byte in the output buffer, with the status bits that go with it. */
interface Output {
  readonly byte: number;
  readonly status: number;
}

export interface ControllerState {
  readonly mode: number;
  readonly memory: Uint8Array;
  readonly output: Output | null;
  readonly answers: readonly Output[];
  readonly a20: boolean;
  /** Command whose data byte is awaited, or 0. */
  readonly awaited: number;
  readonly lastWasCommand: boolean;
  /** The keyboard has sent F0: what follows is released. */
  readonly releasing: boolean;
  /** Clock from which the cable is free. */
  readonly free: number;
  readonly strokes: readonly Stroke[];
  readonly nextStroke: number;
  readonly keyboard: KeyboardState;
}

export interface KeyboardWiring extends Clocked {
  line(high: boolean): void;
  mouseLine(high: boolean): void;
  a20(enabled: boolean): void;
  /** The processor's INIT is wired to the controller: devices stay as they are. */
  initialize(port: number): void;
}

export class KeyboardController implements PortDevice, Timed {
  readonly name = '8042 keyboard controller';
  static readonly PORTS = [DATA, COMMAND, SYSTEM_CONTROL] as const;
  private readonly keyboard = new Keyboard();
  private state: Omit<ControllerState, 'keyboard'> = {
    mode: MODE_INTERRUPT | MODE_MOUSE_OFF | MODE_TRANSLATE,
    memory: new Uint8Array(32),
    output: null,
    answers: [],
    a20: true,
    awaited: 0,
    lastWasCommand: false,
    releasing: false,
    free: 0,
    strokes: [],
    nextStroke: Infinity,
  };
  private readonly wiring: KeyboardWiring;

  constructor(wiring: KeyboardWiring) {
    this.wiring = wiring;
  }

  private set(change: Partial<ControllerState>): void {
    this.state = { ...this.state, ...change };
  }

  private after(seconds: number): number {
    return this.wiring.clock + Math.ceil(seconds * this.wiring.frequency);
  }

  // ---------------------------------------------------------------- typing

  /** Types a text, stroke by stroke. */
  type(text: string): void {
    const strokes = strokesOf(text);
    if (strokes.length === 0) return;
    const idle = this.state.strokes.length === 0;
    this.set({ strokes: [...this.state.strokes, ...strokes] });
    if (idle) this.set({ nextStroke: this.after(BYTE_TIME) });
    this.wiring.changed();
  }

  nextEvent(): number {
    const { output, mode, free, nextStroke } = this.state;
    const sends = output === null && this.keyboard.waiting && (mode & MODE_KEYBOARD_OFF) === 0;
    return Math.min(nextStroke, sends ? free : Infinity);
  }

  advance(): void {
    const { strokes, nextStroke } = this.state;
    const [stroke, ...rest] = strokes;
    // Nobody types on while what was typed has not gone out.
    if (stroke && this.wiring.clock >= nextStroke) {
      const waiting = this.keyboard.waiting || this.state.output !== null;
      if (!waiting) this.keyboard.stroke(stroke);
      const left = waiting ? strokes : rest;
      this.set({ strokes: left, nextStroke: left.length > 0 ? this.after(STROKE_TIME) : Infinity });
    }
    this.receive();
  }

  /** Takes the keyboard's next byte into the output buffer, if that is free and the cable too. */
  private receive(): void {
    const { output, answers, mode, free } = this.state;
    if (output !== null) return;
    const [answer, ...rest] = answers;
    if (answer) {
      this.set({ answers: rest });
      this.show(answer);
      return;
    }
    if (!this.keyboard.waiting || (mode & MODE_KEYBOARD_OFF) !== 0 || this.wiring.clock < free) return;
    const byte = this.keyboard.take();
    this.set({ free: this.after(BYTE_TIME) });
    this.wiring.changed();
    if ((mode & MODE_TRANSLATE) === 0) this.show({ byte, status: 0 });
    else if (byte === RELEASE) this.set({ releasing: true });
    else {
      const released = this.state.releasing ? 0x80 : 0;
      this.set({ releasing: false });
      this.show({ byte: toSet1(byte) | released, status: 0 });
    }
  }

  private show(output: Output): void {
    this.set({ output });
    this.settle();
  }

  /** An answer of the controller itself; it comes at once. */
  private answer(byte: number, status = 0): void {
    this.set({ answers: [...this.state.answers, { byte, status }] });
    this.receive();
  }

  private settle(): void {
    const { output, mode } = this.state;
    const mouse = output !== null && (output.status & STATUS_FROM_MOUSE) !== 0;
    this.wiring.line(output !== null && !mouse && (mode & MODE_INTERRUPT) !== 0);
    this.wiring.mouseLine(mouse && (mode & MODE_MOUSE_INTERRUPT) !== 0);
  }

  // ---------------------------------------------------------------- ports

  read(port: number): number {
    const { state } = this;
    if (port === SYSTEM_CONTROL) return state.a20 ? OUTPUT_A20 : 0;
    if (port === COMMAND)
      return (
        (state.output ? STATUS_OUTPUT_FULL | state.output.status : 0) |
        (state.mode & MODE_SYSTEM ? STATUS_SYSTEM : 0) |
        STATUS_NOT_LOCKED |
        (state.lastWasCommand ? STATUS_COMMAND : 0)
      );
    const byte = state.output?.byte ?? 0;
    this.set({ output: null });
    // The line falls between two bytes, so that the next one makes an edge of its own.
    this.settle();
    this.receive();
    this.wiring.changed();
    return byte;
  }

  write(port: number, value: number): void {
    if (port === SYSTEM_CONTROL) {
      this.setA20((value & OUTPUT_A20) !== 0);
      if ((value & 1) !== 0) this.wiring.initialize(SYSTEM_CONTROL);
      return;
    }
    this.set({ lastWasCommand: port === COMMAND });
    if (port === COMMAND) this.command(value);
    else this.data(value);
    this.wiring.changed();
  }

  /** The processor's first fetch after a reset is not masked. */
  enableA20(): void {
    this.setA20(true);
  }

  private setA20(enabled: boolean): void {
    this.set({ a20: enabled });
    this.wiring.a20(enabled);
  }

  private setMode(mode: number): void {
    this.set({ mode });
    this.settle();
    this.receive();
  }

  private command(value: number): void {
    const { mode, memory } = this.state;
    if (value >= 0x20 && value < 0x40) this.answer(value === 0x20 ? mode : memory[value & 31]!);
    else if (value >= 0x60 && value < 0x80) this.set({ awaited: value });
    else if (value >= 0xf0) this.pulse(value & 15);
    else this.named(value);
  }

  private named(value: number): void {
    const { mode } = this.state;
    switch (value) {
      case 0xa7: {
        this.setMode(mode | MODE_MOUSE_OFF);
        return;
      }
      case 0xa8: {
        this.setMode(mode & ~MODE_MOUSE_OFF);
        return;
      }
      case 0xa9: // test of the mouse's lines
      case 0xab: {
        // … and of the keyboard's
        this.answer(0);
        return;
      }
      case 0xaa: // self-test
        this.set({ mode: mode | MODE_SYSTEM });
        {
          this.answer(0x55);
          return;
        }
      case 0xad: {
        this.setMode(mode | MODE_KEYBOARD_OFF);
        return;
      }
      case 0xae: {
        this.setMode(mode & ~MODE_KEYBOARD_OFF);
        return;
      }
      case 0xc0: {
        // input port: keyboard not inhibited
        this.answer(0xa0);
        return;
      }
      case 0xd0: {
        // output port
        this.answer(OUTPUT_NOT_RESET | (this.state.a20 ? OUTPUT_A20 : 0));
        return;
      }
      case 0xd1: // write output port
      case 0xd2: // write the output buffer as the keyboard does
      case 0xd3: // … as the mouse does
      case 0xd4: {
        // write to the mouse
        this.set({ awaited: value });
        return;
      }
      default: // other numbers have no function
    }
  }

  /** Zero bits pulse lines of the output port; the lowest is the reset line. */
  private pulse(lines: number): void {
    if ((lines & OUTPUT_NOT_RESET) === 0) this.wiring.initialize(COMMAND);
  }

  private data(value: number): void {
    const { awaited, memory } = this.state;
    this.set({ awaited: 0 });
    if (awaited === 0x60) this.setMode(value);
    else if (awaited > 0x60 && awaited < 0x80) this.set({ memory: memory.with(awaited & 31, value) });
    else if (awaited === 0xd1) {
      this.setA20((value & OUTPUT_A20) !== 0);
      if ((value & OUTPUT_NOT_RESET) === 0) this.wiring.initialize(COMMAND);
    } else if (awaited === 0xd2) this.answer(value);
    else if (awaited === 0xd3) this.answer(value, STATUS_FROM_MOUSE);
    else if (awaited === 0xd4) this.answer(TIMED_OUT, STATUS_FROM_MOUSE | STATUS_TIMEOUT);
    else this.toKeyboard(value);
  }

  /** Sending to the keyboard switches its interface on. */
  private toKeyboard(value: number): void {
    this.keyboard.command(value);
    this.set({
      free: this.after(BYTE_TIME),
      mode: this.state.mode & ~MODE_KEYBOARD_OFF,
      releasing: false,
    });
  }

  save(): ControllerState {
    return { ...this.state, keyboard: this.keyboard.save() };
  }
  restore({ keyboard, ...state }: ControllerState): void {
    this.state = state;
    this.keyboard.restore(keyboard);
  }
}
