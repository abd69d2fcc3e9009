/**
 * 2540 card punch behind its 2821 control unit: a write fills the buffer (channel end), then the card is punched
 * (device end). GA21-9033, "IBM 2540 Component Description".
 *
 * SIMPLIFIED: the hopper never runs out of blank cards; column binary is rejected.
 */
import { CHANNEL_END, DEVICE_END } from '../channels/csw.ts';
import { BUFFER_BYTE, CARD_COLUMNS } from './card-reader.ts';
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
import { recalled } from './figures.ts';
import { COMMAND_REJECT, DONE, NO_OPERATION, REJECTED, SENSE, senseReply } from './sense.ts';

export const CARDS_PUNCHED_PER_MINUTE = recalled(300, 'cards/min', 'GA21-9033, punch feed of the 2540');

const PUNCH = 0x01;
const STACKER = 0xc0;
const BLANK = 0x40;

export const PUNCH_COMMANDS: readonly CommandSupport[] = [
  supported(PUNCH, 'Write, feed, stacker P1 (41: P2, 81: RP3)'),
  supported(NO_OPERATION, 'No operation'),
  supported(SENSE, 'Sense'),
  absent(0x21, 'Write column binary', 'no deck of ours has two characters in a column'),
];

export interface CardPunchState extends DeviceState {
  readonly version: 1;
  readonly model: '2540P';
  readonly stacker: readonly Uint8Array[];
  readonly sense: number;
}

export class CardPunch implements Device {
  readonly model = '2540P';
  readonly commands = PUNCH_COMMANDS;
  private line: Line | null = null;
  private stacker: Uint8Array[] = [];
  private sense = 0;

  connect(line: Line | null): void {
    this.line = line;
  }

  /** Cards punched and not yet taken away. */
  get cards(): readonly Uint8Array[] {
    return this.stacker;
  }

  /** The operator takes the cards out of the stacker. */
  remove(): Uint8Array[] {
    const cards = this.stacker;
    this.stacker = [];
    return cards;
  }

  start(command: number): Reply {
    const perByte = this.line!.cycles(BUFFER_BYTE.value);
    if (command === SENSE) {
      const reply = senseReply(Uint8Array.of(this.sense), perByte);
      this.sense = 0;
      return reply;
    }
    if (command === NO_OPERATION) return ended(DONE);
    this.sense = 0;
    if ((command & ~STACKER) === PUNCH)
      return { kind: 'output', capacity: CARD_COLUMNS, wait: 0, perByte, exact: false, runsOn: false };
    this.sense = COMMAND_REJECT;
    return REJECTED;
  }

  take(_command: number, bytes: Uint8Array): End {
    const card = new Uint8Array(CARD_COLUMNS).fill(BLANK);
    card.set(bytes);
    this.stacker.push(card);
    const cycles = this.line!.cycles(60e6 / CARDS_PUNCHED_PER_MINUTE.value);
    return { status: CHANNEL_END, later: { cycles, status: DEVICE_END } };
  }

  halt(): End {
    return { status: DONE };
  }

  reset(): void {
    this.sense = 0;
  }

  save(): CardPunchState {
    return { version: 1, model: '2540P', stacker: this.stacker.slice(), sense: this.sense };
  }

  restore(state: DeviceState): void {
    const saved = stateOf<CardPunchState>(state, this.model);
    this.stacker = saved.stacker.slice();
    this.sense = saved.sense;
  }
}
