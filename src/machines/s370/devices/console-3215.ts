/**
 * 3215 console printer-keyboard: the operator's typewriter. GA24-3550, "IBM 3215 Console Printer-Keyboard".
 * The operator asks for attention with the request key; the program answers with a read, which lasts until a line is
 * ended. `type` does both: what is typed before the program reads stays in a queue.
 */
import { fromEbcdic, ebcdicBytes } from '../../../base/ebcdic.ts';
import { ATTENTION, UNIT_EXCEPTION } from '../channels/csw.ts';
import {
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

export const CHARACTERS_PER_SECOND = recalled(85, 'characters/s', 'GA24-3550');
export const LINE_LENGTH = recalled(126, 'characters', 'GA24-3550');
export const CARRIAGE_RETURN = estimate(150, 'ms', 'full-width return of a typewriter of this speed');

const WRITE = 0x01;
const WRITE_AND_RETURN = 0x09;
const READ_INQUIRY = 0x0a;
const ALARM = 0x0b;

export const CONSOLE_COMMANDS: readonly CommandSupport[] = [
  supported(WRITE, 'Write, no carriage return'),
  supported(WRITE_AND_RETURN, 'Write, automatic carriage return'),
  supported(READ_INQUIRY, 'Read inquiry'),
  supported(NO_OPERATION, 'No operation'),
  supported(SENSE, 'Sense'),
  supported(ALARM, 'Alarm'),
];

/** One line of the paper, or part of it: who typed it and what. */
export interface ConsoleEntry {
  readonly from: 'program' | 'operator' | 'alarm';
  readonly text: string;
  /** The carriage returned afterwards. */
  readonly ended: boolean;
}

export interface ConsoleState extends DeviceState {
  readonly version: 1;
  readonly model: '3215';
  readonly entries: readonly ConsoleEntry[];
  readonly column: number;
  readonly typed: readonly string[];
  readonly reading: boolean;
  readonly sense: number;
}

export class Console3215 implements Device {
  readonly model = '3215';
  readonly commands = CONSOLE_COMMANDS;
  private line: Line | null = null;
  private entries: ConsoleEntry[] = [];
  private column = 0;
  private typed: string[] = [];
  private reading = false;
  private sense = 0;

  connect(line: Line | null): void {
    this.line = line;
  }

  // ---------------------------------------------------------------- the operator's side

  /** The request key: attention. */
  request(): void {
    this.line?.present(ATTENTION);
  }

  /** Types `text` and ends the line; asks for attention first unless the program is already reading. */
  type(text: string): void {
    this.typed.push(text);
    if (this.reading) this.line?.answer(this.enter());
    else this.request();
  }

  /** The cancel key: ends a read with unit exception and no data. */
  cancel(): void {
    if (!this.reading) return;
    this.reading = false;
    this.line?.answer(ended(DONE | UNIT_EXCEPTION));
  }

  /** True while the program waits for a line. */
  get awaitsInput(): boolean {
    return this.reading;
  }

  get paper(): readonly ConsoleEntry[] {
    return this.entries;
  }

  /** The paper as text. */
  get output(): string {
    return this.entries
      .map((entry) => (entry.from === 'alarm' ? '' : entry.text + (entry.ended ? '\n' : '')))
      .join('');
  }

  // ---------------------------------------------------------------- the channel's side

  private get characterCycles(): number {
    return this.line!.cycles(1e6 / CHARACTERS_PER_SECOND.value);
  }

  start(command: number): Reply {
    if (command === SENSE) {
      const reply = senseReply(Uint8Array.of(this.sense), this.line!.cycles(10));
      this.sense = 0;
      return reply;
    }
    if (command === NO_OPERATION) return ended(DONE);
    this.sense = 0;
    switch (command) {
      case WRITE:
      case WRITE_AND_RETURN:
        return {
          kind: 'output',
          capacity: Infinity,
          wait: 0,
          perByte: this.characterCycles,
          exact: false,
          runsOn: false,
        };
      case READ_INQUIRY:
        if (this.typed.length > 0) return this.enter();
        this.reading = true;
        return { kind: 'suspended' };
      case ALARM:
        this.entries.push({ from: 'alarm', text: '', ended: false });
        return ended(DONE);
      default:
        this.sense = COMMAND_REJECT;
        return REJECTED;
    }
  }

  /** The next typed line goes to the program, and onto the paper. */
  private enter(): Reply {
    this.reading = false;
    const text = this.typed.shift() ?? '';
    this.print('operator', text, true);
    // What was typed ahead calls again as soon as the channel is done with this line.
    if (this.typed.length > 0) this.request();
    return {
      kind: 'input',
      data: ebcdicBytes(text),
      wait: 0,
      perByte: this.characterCycles,
      runsOn: false,
      end: { status: DONE },
    };
  }

  take(command: number, bytes: Uint8Array): End {
    this.print('program', fromEbcdic(bytes), command === WRITE_AND_RETURN);
    if (command === WRITE) return { status: DONE };
    return { status: DONE, wait: this.line!.cycles(CARRIAGE_RETURN.value * 1000) };
  }

  private print(from: ConsoleEntry['from'], text: string, returns: boolean): void {
    const lines = text.split('\n');
    lines.forEach((line, i) => {
      const last = i === lines.length - 1;
      let rest = line;
      while (this.column + rest.length > LINE_LENGTH.value) {
        const room = LINE_LENGTH.value - this.column;
        this.entries.push({ from, text: rest.slice(0, room), ended: true });
        rest = rest.slice(room);
        this.column = 0;
      }
      if (last && rest === '' && !returns) return;
      this.entries.push({ from, text: rest, ended: !last || returns });
      this.column = !last || returns ? 0 : this.column + rest.length;
    });
  }

  halt(): End {
    this.reading = false;
    return { status: DONE };
  }

  reset(): void {
    this.reading = false;
    this.sense = 0;
    this.typed = [];
  }

  save(): ConsoleState {
    const { column, reading, sense } = this;
    return {
      version: 1,
      model: '3215',
      entries: this.entries.slice(),
      column,
      typed: this.typed.slice(),
      reading,
      sense,
    };
  }

  restore(state: DeviceState): void {
    const saved = stateOf<ConsoleState>(state, this.model);
    this.entries = saved.entries.slice();
    this.column = saved.column;
    this.typed = saved.typed.slice();
    this.reading = saved.reading;
    this.sense = saved.sense;
  }
}
