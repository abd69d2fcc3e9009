/** What happens on the machine, as events for a log and as counts by kind. */
import { layerOf, levelOf, type Account } from '../../accounting/vocabulary.ts';
import { hex } from '../../base/bits.ts';
import {
  CLOCK_COMPARATOR_CODE,
  CPU_TIMER_CODE,
  INTERRUPT_KEY_CODE,
  INTERVAL_TIMER_CODE,
  PROGRAM_INTERRUPTIONS,
} from '../../machines/s370/assigned-storage.ts';
import type { Channels } from '../../machines/s370/channels/channels.ts';
import type { Interruption } from '../../machines/s370/cpu.ts';
import { rowAt } from '../../machines/s370/instructions/dispatch.ts';
import type { EventView } from '../../protocol/frame.ts';

const PER = 0x80;

const EXTERNAL_NAMES: Readonly<Record<number, string>> = {
  [INTERVAL_TIMER_CODE]: 'interval timer',
  [INTERRUPT_KEY_CODE]: 'interrupt key',
  [INTERVAL_TIMER_CODE | INTERRUPT_KEY_CODE]: 'interval timer',
  [CLOCK_COMPARATOR_CODE]: 'clock comparator',
  [CPU_TIMER_CODE]: 'CPU timer',
};

/** What an interruption counts as: a program interruption by its name, the others by their class. */
export function trapKind({ class: kind, code }: Interruption): string {
  if (kind !== 'program') return kind;
  return PROGRAM_INTERRUPTIONS[code & ~PER] ?? (code === PER ? 'PER event' : `code ${hex(code, 4)}`);
}

const KINDS: Readonly<Record<Interruption['class'], string>> = {
  program: 'program-interruption',
  svc: 'svc',
  external: 'external-interruption',
  io: 'io-interruption',
  restart: 'restart',
  'machine-check': 'machine-check',
};

/** Where and when something happened. */
export interface Moment {
  readonly clock: number;
  readonly open: Account;
  readonly address: number | null;
  readonly line: number | null;
}

const placed = ({ clock, open, address, line }: Moment) => ({
  clock,
  layer: layerOf(open),
  level: levelOf(open),
  subject: '',
  address,
  line,
});

/** `word`: the first four bytes of the instruction that interrupted, or null. */
export function interruptionEvent(
  interruption: Interruption,
  old: string,
  word: number | null,
  at: Moment,
): EventView {
  const { class: kind, code } = interruption;
  const row = word === null ? null : rowAt(word >>> 24, (word >>> 16) & 0xff);
  return {
    ...placed(at),
    kind: KINDS[kind],
    detail: {
      name: kind === 'external' ? (EXTERNAL_NAMES[code] ?? '') : trapKind(interruption),
      mnemonic: row?.mnemonic ?? '',
      code: kind === 'io' || kind === 'external' ? hex(code, 4) : code,
      ...(kind === 'io' ? { device: hex(code, 3) } : {}),
      psw: old,
    },
  };
}

/** The channels as the processor calls them, each I/O instruction told to `tell` with its condition code. */
export function observedChannels(
  channels: Channels,
  tell: (name: string, address: number, code: number) => void,
): Channels {
  const told =
    (name: string, call: (address: number) => number) =>
    (address: number): number => {
      const code = call(address);
      tell(name, address, code);
      return code;
    };
  return {
    startIo: (address, fast) => {
      const code = channels.startIo(address, fast);
      tell(fast ? 'SIOF' : 'SIO', address, code);
      return code;
    },
    testIo: told('TIO', (address) => channels.testIo(address)),
    clearIo: told('CLRIO', (address) => channels.clearIo(address)),
    haltIo: told('HIO', (address) => channels.haltIo(address)),
    haltDevice: told('HDV', (address) => channels.haltDevice(address)),
    testChannel: told('TCH', (address) => channels.testChannel(address)),
    storeChannelId: told('STIDC', (address) => channels.storeChannelId(address)),
  };
}

export function ioEvent(mnemonic: string, device: number, code: number, at: Moment): EventView {
  const kind = mnemonic.startsWith('SIO') ? 'io-start' : 'io-instruction';
  return { ...placed(at), kind, detail: { mnemonic, device: hex(device, 3), code } };
}
