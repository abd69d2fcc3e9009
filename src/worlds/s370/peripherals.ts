/** The input/output devices of a world's real machine, and how panels see them. */
import { hex } from '../../base/bits.ts';
import type { S370 } from '../../machines/s370/machine.ts';
import { CkdDevice } from '../../machines/s370/devices/ckd-device.ts';
import { unpackImage } from '../../machines/s370/devices/ckd-image.ts';
import { disk3330, GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { drum2305, GEOMETRY_2305 } from '../../machines/s370/devices/drum-2305.ts';
import { CardPunch } from '../../machines/s370/devices/card-punch.ts';
import { CARD_COLUMNS, CardReader } from '../../machines/s370/devices/card-reader.ts';
import { Console3215 } from '../../machines/s370/devices/console-3215.ts';
import { Printer1403 } from '../../machines/s370/devices/printer-1403.ts';
import { ebcdicBytes } from '../../base/ebcdic.ts';
import type { DeviceView, TerminalView } from '../../protocol/frame.ts';
import {
  CONSOLE_ADDRESS,
  FELLOW_CONSOLES,
  FELLOW_DISK_ADDRESS,
  PRINTER_ADDRESS,
  PUNCH_ADDRESS,
  READER_ADDRESS,
  type Dasd,
} from './configuration.ts';
import { fellowPack } from './cp-devices.ts';

const CONSOLES = [CONSOLE_ADDRESS, ...FELLOW_CONSOLES];

export class Peripherals {
  /** The operator's, and those of fellow users. */
  readonly consoles: readonly Console3215[];
  readonly reader = new CardReader();
  readonly punch = new CardPunch();
  readonly printer = new Printer1403();
  private readonly machine: S370;

  constructor(machine: S370, dasd: readonly Dasd[], fellows = 0) {
    this.machine = machine;
    this.consoles = CONSOLES.slice(0, 1 + fellows).map((address) => {
      const console = new Console3215();
      machine.channels.attach(address, console);
      return console;
    });
    if (fellows > 0) machine.channels.attach(FELLOW_DISK_ADDRESS, disk3330(fellowPack(fellows)));
    machine.channels.attach(READER_ADDRESS, this.reader);
    machine.channels.attach(PUNCH_ADDRESS, this.punch);
    machine.channels.attach(PRINTER_ADDRESS, this.printer);
    for (const each of dasd) machine.channels.attach(each.address, mounted(each));
  }

  get console(): Console3215 {
    return this.consoles[0]!;
  }
  /** The console that a terminal's id names; the operator's where it names none. */
  consoleCalled(id: string): Console3215 {
    return this.consoles[CONSOLES.findIndex((address) => hex(address, 3) === id)] ?? this.console;
  }

  /** The terminals, with the users who sit at them if there are several. */
  terminalViews(users: readonly string[] = []): TerminalView[] {
    return this.consoles.map((console, i) => ({
      id: hex(CONSOLES[i]!, 3),
      title: users.length > 1 ? `3215 ${users[i]}` : '3215',
      text: console.output,
      wantsInput: console.awaitsInput,
      locks: true,
    }));
  }

  views(): DeviceView[] {
    const { channels } = this.machine;
    return channels.addresses.map((address) => {
      const { busy, command, pending } = channels.activity(address);
      return {
        address: hex(address, 3),
        type: channels.device(address)?.model ?? '',
        state: busy ? 'busy' : pending ? 'pending' : 'idle',
        detail: command === null ? this.detail(address) : hex(command, 2),
      };
    });
  }

  private detail(address: number): string {
    if (address === READER_ADDRESS) return String(this.reader.remaining);
    if (address === PUNCH_ADDRESS) return String(this.punch.cards.length);
    if (address === PRINTER_ADDRESS) return String(this.printer.lines.length);
    return '';
  }
}

/** The device with its medium. Throws what is wrong with the image. */
function mounted({ address, type, image }: Dasd): CkdDevice {
  if (!image) return type === '2305' ? drum2305() : disk3330();
  const medium = unpackImage(type === '2305' ? GEOMETRY_2305 : GEOMETRY_3330, image);
  if (typeof medium === 'string') throw new Error(`image for ${hex(address, 3)}: ${medium}`);
  return new CkdDevice(medium);
}

/** A deck from text: one card a line, longer lines cut at column 80. */
export function cardsFromText(text: string): Uint8Array[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => ebcdicBytes(line, CARD_COLUMNS));
}

/** A binary deck, or null where the length is no multiple of 80. */
export function cardsFromBytes(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes.length % CARD_COLUMNS !== 0) return null;
  return Array.from({ length: bytes.length / CARD_COLUMNS }, (_, i) =>
    bytes.slice(i * CARD_COLUMNS, (i + 1) * CARD_COLUMNS),
  );
}
