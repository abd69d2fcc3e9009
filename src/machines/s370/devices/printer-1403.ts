/**
 * 1403-N1 printer behind its 2821 control unit: a write fills the line buffer (channel end), then the line is printed
 * and the carriage moves (device end). GA24-3073, "IBM 1403 Printer Component Description"; GA24-3312, "IBM 2821".
 *
 * SIMPLIFIED: every character of EBCDIC is on the train; paper never runs out.
 */
import { fromEbcdic } from '../../../base/ebcdic.ts';
import { CHANNEL_END, DEVICE_END, UNIT_CHECK, UNIT_EXCEPTION } from '../channels/csw.ts';
import { BUFFER_BYTE } from './card-reader.ts';
import {
  absent,
  ended,
  stateOf,
  supported,
  type CommandSupport,
  type Device,
  type DeviceState,
  type End,
  type Line,
  type Reply,
} from './device.ts';
import { estimate, recalled } from './figures.ts';
import { COMMAND_REJECT, DONE, NO_OPERATION, REJECTED, SENSE, senseReply } from './sense.ts';

export const LINES_PER_MINUTE = recalled(1100, 'lines/min', 'GA24-3073, model N1, single spacing');
export const PRINT_POSITIONS = recalled(132, 'characters', 'GA24-3073');
export const SKIP_LINE = recalled(
  5,
  'ms',
  'GA24-3073: low-speed skipping, 33 inches a second at 6 lines an inch',
);
export const SPACE = estimate(20, 'ms', 'carriage start and stop for one line');
export const FORM_LINES = 66;

/** Sense bit of the 1403: channel 9 of the carriage tape was passed. */
const CHANNEL_9 = 0x01;

/** Carriage control in the command: spaces 0 to 3, or a skip to channel 1 to 12; odd low bits say write or move. */
type Motion =
  { readonly kind: 'space'; readonly lines: number } | { readonly kind: 'skip'; readonly channel: number };

function motionOf(command: number): Motion | null {
  const field = command >> 3;
  if (field <= 3) return { kind: 'space', lines: field };
  return field >= 0x11 && field <= 0x1c ? { kind: 'skip', channel: field - 0x10 } : null;
}

export const PRINTER_COMMANDS: readonly CommandSupport[] = [
  supported(0x01, 'Write, no space'),
  supported(0x09, 'Write, space 1 (11: 2, 19: 3)'),
  supported(0x89, 'Write, skip to channel 1 (91: 2 … E1: 12)'),
  supported(0x0b, 'Space 1 immediate (13: 2, 1B: 3)'),
  supported(0x8b, 'Skip to channel 1 immediate (93: 2 … E3: 12)'),
  supported(NO_OPERATION, 'No operation'),
  supported(SENSE, 'Sense'),
  supported(0x73, 'Block data check'),
  supported(0x7b, 'Allow data check'),
  absent(0xf3, 'UCS gate load', 'every character prints, so no character-set buffer is needed'),
  absent(0xfb, 'UCS load', 'every character prints, so no character-set buffer is needed'),
];

/** Lines of the form at which the carriage tape is punched, by channel. */
export type CarriageTape = Readonly<Record<number, number>>;
export const STANDARD_TAPE: CarriageTape = {
  1: 1,
  2: 7,
  3: 13,
  4: 19,
  5: 25,
  6: 31,
  7: 37,
  8: 43,
  9: 63,
  10: 49,
  11: 55,
  12: 61,
};

/** What stands on one line of a page; more than one strike where lines were printed over each other. */
export interface PrintedLine {
  readonly page: number;
  /** 1 … 66. */
  readonly line: number;
  readonly strikes: readonly string[];
}

export interface PrinterState extends DeviceState {
  readonly version: 1;
  readonly model: '1403';
  readonly printed: readonly PrintedLine[];
  readonly page: number;
  readonly at: number;
  readonly sense: number;
}

export interface PrinterOptions {
  readonly tape?: CarriageTape;
  /** Tell the program when a space passes channel 9 (unit check) or channel 12 (unit exception). */
  readonly sensesEnd?: boolean;
}

export class Printer1403 implements Device {
  readonly model = '1403';
  readonly commands = PRINTER_COMMANDS;
  private readonly tape: CarriageTape;
  private readonly sensesEnd: boolean;
  private line: Line | null = null;
  private printed: PrintedLine[] = [];
  private page = 1;
  private at = 1;
  private sense = 0;

  constructor(options: PrinterOptions = {}) {
    this.tape = options.tape ?? STANDARD_TAPE;
    this.sensesEnd = options.sensesEnd ?? false;
  }

  connect(line: Line | null): void {
    this.line = line;
  }

  // ---------------------------------------------------------------- the paper

  get lines(): readonly PrintedLine[] {
    return this.printed;
  }

  /** The paper as text: pages parted by form feeds, overprinted lines by carriage returns. */
  get output(): string {
    let text = '';
    let page = 1;
    let line = 1;
    for (const printed of this.printed) {
      for (; page < printed.page; page++, line = 1) text += '\f';
      text += '\n'.repeat(printed.line - line) + printed.strikes.join('\r');
      line = printed.line;
    }
    return text === '' ? '' : text + '\n';
  }

  /** Does at once what `command` does to the paper: how a spooled line gets there. */
  print(command: number, bytes: Uint8Array): void {
    const motion = motionOf(command);
    if (!motion) return;
    if ((command & 7) === 1) this.strike(fromEbcdic(bytes).trimEnd());
    this.move(motion);
  }

  /** The operator tears the paper off. */
  tearOff(): void {
    this.printed = [];
    this.page = 1;
    this.at = 1;
  }

  // ---------------------------------------------------------------- the channel's side

  start(command: number): Reply {
    const perByte = this.line!.cycles(BUFFER_BYTE.value);
    if (command === SENSE) {
      const reply = senseReply(Uint8Array.of(this.sense), perByte);
      this.sense = 0;
      return reply;
    }
    if (command === NO_OPERATION || command === 0x73 || command === 0x7b) return ended(DONE);
    this.sense = 0;
    const motion = motionOf(command);
    if (motion && (command & 7) === 1)
      return {
        kind: 'output',
        capacity: PRINT_POSITIONS.value,
        wait: 0,
        perByte,
        exact: false,
        runsOn: false,
      };
    if (motion && (command & 7) === 3) {
      const { milliseconds, status } = this.move(motion);
      return ended(CHANNEL_END, {
        cycles: this.line!.cycles(milliseconds * 1000),
        status: DEVICE_END | status,
      });
    }
    this.sense = COMMAND_REJECT;
    return REJECTED;
  }

  take(command: number, bytes: Uint8Array): End {
    this.strike(fromEbcdic(bytes).trimEnd());
    const { milliseconds, status } = this.move(motionOf(command)!);
    // The rated speed includes a single space; only what the carriage moves beyond it takes longer.
    const print = 60_000 / LINES_PER_MINUTE.value;
    const cycles = this.line!.cycles((print + Math.max(0, milliseconds - SPACE.value)) * 1000);
    return { status: CHANNEL_END, later: { cycles, status: DEVICE_END | status } };
  }

  private strike(text: string): void {
    const last = this.printed.at(-1);
    if (last?.page === this.page && last.line === this.at)
      this.printed[this.printed.length - 1] = { ...last, strikes: [...last.strikes, text] };
    else this.printed.push({ page: this.page, line: this.at, strikes: [text] });
  }

  /** Moves the carriage: how long it takes, and what the tape says on the way. */
  private move(motion: Motion): { readonly milliseconds: number; readonly status: number } {
    const target = motion.kind === 'skip' ? this.tape[motion.channel] : undefined;
    let lines = motion.kind === 'space' ? motion.lines : 0;
    // A skip to a channel without a hole would never stop: the operator stops it after one form.
    if (motion.kind === 'skip') lines = target === undefined ? FORM_LINES : this.distance(target);
    let status = 0;
    for (let i = 0; i < lines; i++) {
      this.at++;
      if (this.at > FORM_LINES) {
        this.at = 1;
        this.page++;
      }
      if (this.sensesEnd && motion.kind === 'space') status |= this.sensed();
    }
    if (lines === 0) return { milliseconds: 0, status };
    return { milliseconds: SPACE.value + (lines - 1) * SKIP_LINE.value, status };
  }

  /** Lines from here to the next `line` of the form; already there, the paper stays. */
  private distance(line: number): number {
    return (line - this.at + FORM_LINES) % FORM_LINES;
  }

  private sensed(): number {
    if (this.at === this.tape[9]) {
      this.sense |= CHANNEL_9;
      return UNIT_CHECK;
    }
    return this.at === this.tape[12] ? UNIT_EXCEPTION : 0;
  }

  halt(): End {
    return { status: DONE };
  }

  reset(): void {
    this.sense = 0;
  }

  save(): PrinterState {
    const { page, at, sense } = this;
    return { version: 1, model: '1403', printed: this.printed.slice(), page, at, sense };
  }

  restore(state: DeviceState): void {
    const saved = stateOf<PrinterState>(state, this.model);
    this.printed = saved.printed.slice();
    this.page = saved.page;
    this.at = saved.at;
    this.sense = saved.sense;
  }
}
