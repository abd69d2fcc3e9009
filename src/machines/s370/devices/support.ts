/** The support matrix of channels and devices: what of the real ones is done, in part or not, and why. */
import { CCW_TIME } from '../channels/engine.ts';
import { CARDS_PUNCHED_PER_MINUTE, PUNCH_COMMANDS } from './card-punch.ts';
import { BUFFER_BYTE, CARDS_PER_MINUTE, READER_COMMANDS } from './card-reader.ts';
import { CKD_COMMANDS } from './ckd-commands.ts';
import { CARRIAGE_RETURN, CHARACTERS_PER_SECOND, CONSOLE_COMMANDS, LINE_LENGTH } from './console-3215.ts';
import type { CommandSupport } from './device.ts';
import { BYTES_PER_TRACK, GEOMETRY_3330, SEEK_AVERAGE, SEEK_MAXIMUM, SEEK_MINIMUM } from './disk-3330.ts';
import { GEOMETRY_2305 } from './drum-2305.ts';
import type { Figure } from './figures.ts';
import { LINES_PER_MINUTE, PRINT_POSITIONS, PRINTER_COMMANDS, SKIP_LINE, SPACE } from './printer-1403.ts';

export interface DeviceSupport {
  readonly model: string;
  readonly name: string;
  readonly commands: readonly CommandSupport[];
  readonly figures: Readonly<Record<string, Figure>>;
  readonly simplified: readonly string[];
}

export const DEVICE_SUPPORT: readonly DeviceSupport[] = [
  {
    model: '3215',
    name: 'console printer-keyboard',
    commands: CONSOLE_COMMANDS,
    figures: { speed: CHARACTERS_PER_SECOND, line: LINE_LENGTH, 'carriage return': CARRIAGE_RETURN },
    simplified: ['a typed line reaches the program as a whole'],
  },
  {
    model: '2540R',
    name: 'card reader',
    commands: READER_COMMANDS,
    figures: { speed: CARDS_PER_MINUTE, 'byte from the buffer': BUFFER_BYTE },
    simplified: ['the first card of the hopper is the buffer of the control unit'],
  },
  {
    model: '2540P',
    name: 'card punch',
    commands: PUNCH_COMMANDS,
    figures: { speed: CARDS_PUNCHED_PER_MINUTE, 'byte to the buffer': BUFFER_BYTE },
    simplified: ['blank cards never run out'],
  },
  {
    model: '1403',
    name: 'printer, model N1',
    commands: PRINTER_COMMANDS,
    figures: {
      speed: LINES_PER_MINUTE,
      line: PRINT_POSITIONS,
      'one space': SPACE,
      'each line skipped': SKIP_LINE,
    },
    simplified: ['every character prints', 'paper never runs out'],
  },
  {
    model: '3330',
    name: 'disk storage, model 1, with 3830 control',
    commands: CKD_COMMANDS,
    figures: {
      'seek, least': SEEK_MINIMUM,
      'seek, average': SEEK_AVERAGE,
      'seek, most': SEEK_MAXIMUM,
      rotation: GEOMETRY_3330.rotation,
      rate: GEOMETRY_3330.rate,
      'longest record': BYTES_PER_TRACK,
      'track capacity': GEOMETRY_3330.capacity,
      'record overhead': GEOMETRY_3330.overhead,
    },
    simplified: ['no defects and no alternate tracks', 'no record overflow', 'one path to each drive'],
  },
  {
    model: '2305',
    name: 'fixed head storage, model 2, with 2835 control',
    commands: CKD_COMMANDS,
    figures: {
      rotation: GEOMETRY_2305.rotation,
      rate: GEOMETRY_2305.rate,
      'track capacity': GEOMETRY_2305.capacity,
      'record overhead': GEOMETRY_2305.overhead,
    },
    simplified: ['the eight exposures of multiple requesting are one'],
  },
];

export interface FeatureSupport {
  readonly feature: string;
  readonly support: 'supported' | 'partial' | 'absent';
  readonly note?: string;
}

export const CHANNEL_FIGURES: Readonly<Record<string, Figure>> = { 'CCW fetch and selection': CCW_TIME };

export const CHANNEL_SUPPORT: readonly FeatureSupport[] = [
  { feature: 'command chaining, status modifier, TIC', support: 'supported' },
  { feature: 'data chaining, skip, suppress length indication', support: 'supported' },
  { feature: 'program-controlled interruption', support: 'supported' },
  { feature: 'channel indirect data addressing', support: 'supported' },
  { feature: 'selector, byte- and block-multiplexer channels', support: 'supported' },
  { feature: 'start I/O fast release with deferred condition code', support: 'supported' },
  {
    feature: 'clear I/O',
    support: 'partial',
    note: 'a device in the middle of a transfer is free at once instead of running to its end',
  },
  { feature: 'shared subchannels', support: 'absent', note: 'every device has a subchannel of its own' },
  {
    feature: 'channel-available interruption',
    support: 'absent',
    note: 'programs here try again when asked to',
  },
  {
    feature: 'storage cycles taken by the channel',
    support: 'absent',
    note: 'the processor is not slowed down',
  },
  { feature: 'overrun and chaining check', support: 'absent', note: 'storage is always fast enough' },
  { feature: 'command retry', support: 'absent', note: 'a missed area costs a revolution without it' },
  { feature: 'equipment checks, limited channel log-out', support: 'absent', note: 'nothing breaks' },
];
