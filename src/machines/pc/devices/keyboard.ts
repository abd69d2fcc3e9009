/** The keyboard at the far end of the cable: its commands and what it sends. IBM PS/2 Keyboard Technical Reference. */
import { bytesOf, CONTROL, SHIFT, type Stroke } from './scan-codes.ts';

const ACKNOWLEDGE = 0xfa;
const RESEND = 0xfe;
const SELF_TEST_PASSED = 0xaa;
const IDENTITY = [0xab, 0x83] as const;
const ECHO = 0xee;
/** Bytes that the keyboard itself holds; one more is the overrun mark, here left out. */
const BUFFER = 16;

export interface KeyboardState {
  readonly enabled: boolean;
  readonly set: number;
  readonly indicators: number;
  /** Command whose parameter is awaited, or 0. */
  readonly awaited: number;
  readonly last: number;
  readonly queue: readonly number[];
}

export class Keyboard {
  private state: KeyboardState = {
    enabled: true,
    set: 2,
    indicators: 0,
    awaited: 0,
    last: 0,
    queue: [],
  };

  private change(change: Partial<KeyboardState>): void {
    this.state = { ...this.state, ...change };
  }

  /** A key goes down and comes up; a keyboard that is disabled or full loses it. */
  stroke({ key, shift, control }: Stroke): void {
    const { enabled, queue, set } = this.state;
    if (!enabled || queue.length >= BUFFER) return;
    const held = [...(control ? [CONTROL] : []), ...(shift ? [SHIFT] : [])];
    const bytes = [
      ...held.flatMap((each) => bytesOf(each, false, set)),
      ...bytesOf(key, false, set),
      ...bytesOf(key, true, set),
      ...held.toReversed().flatMap((each) => bytesOf(each, true, set)),
    ];
    this.change({ queue: [...queue, ...bytes] });
  }

  get waiting(): boolean {
    return this.state.queue.length > 0;
  }

  /** The next byte on the cable. */
  take(): number {
    const [byte = 0, ...queue] = this.state.queue;
    this.change({ queue, last: byte });
    return byte;
  }

  private answer(...bytes: readonly number[]): void {
    this.change({ queue: [...this.state.queue, ...bytes] });
  }

  /** A byte from the controller. Whatever was still to be sent is forgotten. */
  command(value: number): void {
    const { awaited } = this.state;
    this.change({ awaited: 0, queue: [] });
    if (awaited !== 0 && value < 0x80) this.parameter(awaited, value);
    else this.execute(value);
  }

  private parameter(command: number, value: number): void {
    if (command === 0xed) this.change({ indicators: value & 7 });
    this.answer(ACKNOWLEDGE);
    if (command !== 0xf0) return;
    if (value === 0) this.answer(this.state.set);
    else if (value <= 2) this.change({ set: value });
  }

  private execute(value: number): void {
    const defaults = { set: 2, indicators: 0 } as const;
    switch (value) {
      case 0xed: // set indicators
      case 0xf0: // choose or read the scan code set
      case 0xf3: // typematic rate
        this.change({ awaited: value });
        this.answer(ACKNOWLEDGE);
        break;
      case 0xee:
        this.answer(ECHO);
        break;
      case 0xf2: // identify
        this.answer(ACKNOWLEDGE, ...IDENTITY);
        break;
      case 0xf4: // enable
        this.change({ enabled: true });
        this.answer(ACKNOWLEDGE);
        break;
      case 0xf5: // default values, disable
        this.change({ ...defaults, enabled: false });
        this.answer(ACKNOWLEDGE);
        break;
      case 0xf6: // default values
        this.change({ ...defaults, enabled: true });
        this.answer(ACKNOWLEDGE);
        break;
      case 0xfe:
        this.answer(this.state.last);
        break;
      case 0xff: // reset
        this.change({ ...defaults, enabled: true });
        this.answer(ACKNOWLEDGE, SELF_TEST_PASSED);
        break;
      default: // F7 to FD concern keys of set 3 one by one, and change nothing here
        this.answer(value >= 0xf7 && value <= 0xfd ? ACKNOWLEDGE : RESEND);
    }
  }

  save(): KeyboardState {
    return this.state;
  }
  restore(state: KeyboardState): void {
    this.state = state;
  }
}
