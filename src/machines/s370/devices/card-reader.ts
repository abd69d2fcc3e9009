/**
 * 2540 card reader behind its 2821 control unit, which holds one card in a buffer: a read empties the buffer at channel
 * speed (channel end) and feeds the next card into it (device end). GA21-9033, "IBM 2540 Component Description";
 * GA24-3312, "IBM 2821 Control Unit".
 *
 * SIMPLIFIED: the buffer is the first card of the hopper; a read without feed and a feed alone work on that card.
 */
import { CHANNEL_END, DEVICE_END, UNIT_CHECK, UNIT_EXCEPTION } from '../channels/csw.ts';
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
import {
  COMMAND_REJECT,
  DONE,
  INTERVENTION_REQUIRED,
  NO_OPERATION,
  REJECTED,
  SENSE,
  senseReply,
} from './sense.ts';

export const CARDS_PER_MINUTE = recalled(
  1000,
  'cards/min',
  'GA21-9033, column-by-column read feed of the 2540',
);
export const BUFFER_BYTE = estimate(10, 'µs', 'buffer of the 2821 on a byte multiplexer');
export const CARD_COLUMNS = 80;

const READ_AND_FEED = 0x02;
const READ_ONLY = 0xc2;
const FEED = 0x23;
/** Bits that select the stacker. */
const STACKER = 0xc0;

export const READER_COMMANDS: readonly CommandSupport[] = [
  supported(READ_AND_FEED, 'Read, feed, stacker R1 (42: R2, 82: RP3)'),
  supported(READ_ONLY, 'Read, no feed'),
  supported(FEED, 'Feed, stacker R1 (63: R2, A3: RP3)'),
  supported(NO_OPERATION, 'No operation'),
  supported(SENSE, 'Sense'),
  absent(0x22, 'Read column binary', 'no deck of ours has two characters in a column'),
];

export interface CardReaderState extends DeviceState {
  readonly version: 1;
  readonly model: '2540R';
  readonly hopper: readonly Uint8Array[];
  readonly stacked: number;
  readonly endOfFile: boolean;
  readonly sense: number;
}

export class CardReader implements Device {
  readonly model = '2540R';
  readonly commands = READER_COMMANDS;
  private line: Line | null = null;
  /** Cards are never changed in place, so that saved states may share them. */
  private hopper: Uint8Array[] = [];
  private stacked = 0;
  private endOfFile = false;
  private sense = 0;

  connect(line: Line | null): void {
    this.line = line;
  }

  // ---------------------------------------------------------------- the operator's side

  /**
   * Puts `cards` behind those in the hopper and presses start; with `endOfFile` also that key, so that the read after
   * the last card ends in unit exception instead of waiting for more. A reader that was not ready calls: device end.
   */
  load(cards: readonly Uint8Array[], endOfFile = true): void {
    const ready = this.hopper.length > 0;
    for (const card of cards) {
      if (card.length !== CARD_COLUMNS) throw new Error(`a card of ${card.length} columns`);
      this.hopper.push(card.slice());
    }
    this.endOfFile = endOfFile;
    if (!ready && cards.length > 0) this.line?.present(DEVICE_END);
  }

  /** Takes out all cards. */
  empty(): void {
    this.hopper = [];
    this.endOfFile = false;
  }

  /** Cards still to be read. */
  get remaining(): number {
    return this.hopper.length;
  }

  /** Cards read so far. */
  get read(): number {
    return this.stacked;
  }

  // ---------------------------------------------------------------- the channel's side

  start(command: number): Reply {
    if (command === SENSE) {
      const reply = senseReply(Uint8Array.of(this.sense), this.line!.cycles(BUFFER_BYTE.value));
      this.sense = 0;
      return reply;
    }
    if (command === NO_OPERATION) return ended(DONE);
    this.sense = 0;
    if (command === READ_ONLY || (command & ~STACKER) === READ_AND_FEED) return this.readCard(command);
    if ((command & ~STACKER) === FEED) {
      const missing = this.missing();
      if (missing) return missing;
      this.feed();
      return ended(CHANNEL_END, this.feedTime());
    }
    this.sense = COMMAND_REJECT;
    return REJECTED;
  }

  private missing(): Reply | null {
    if (this.hopper.length > 0) return null;
    if (this.endOfFile) {
      this.endOfFile = false;
      return ended(DONE | UNIT_EXCEPTION);
    }
    this.sense = INTERVENTION_REQUIRED;
    return ended(UNIT_CHECK);
  }

  private readCard(command: number): Reply {
    const missing = this.missing();
    if (missing) return missing;
    const data = this.hopper[0]!;
    const feeds = command !== READ_ONLY;
    if (feeds) this.feed();
    return {
      kind: 'input',
      data,
      wait: 0,
      perByte: this.line!.cycles(BUFFER_BYTE.value),
      runsOn: false,
      end: feeds ? { status: CHANNEL_END, later: this.feedTime() } : { status: DONE },
    };
  }

  private feed(): void {
    this.hopper.shift();
    this.stacked++;
  }

  private feedTime(): { readonly cycles: number; readonly status: number } {
    return { cycles: this.line!.cycles(60e6 / CARDS_PER_MINUTE.value), status: DEVICE_END };
  }

  take(): End {
    throw new Error('a card reader takes no data');
  }

  halt(): End {
    return { status: DONE };
  }

  reset(): void {
    this.sense = 0;
  }

  save(): CardReaderState {
    const { stacked, endOfFile, sense } = this;
    return { version: 1, model: '2540R', hopper: this.hopper.slice(), stacked, endOfFile, sense };
  }

  restore(state: DeviceState): void {
    const saved = stateOf<CardReaderState>(state, this.model);
    this.hopper = saved.hopper.slice();
    this.stacked = saved.stacked;
    this.endOfFile = saved.endOfFile;
    this.sense = saved.sense;
  }
}
