/**
 * The same guest at any level: alone on the machine (0), under CP (1), under CP under CP (2, 3).
 * `Run` shows of each what the guest itself could see, so that two of them can be compared.
 */
import { ebcdicBytes } from '../../../src/base/ebcdic.ts';
import { fromEbcdic } from '../../../src/base/ebcdic.ts';
import type { AssistLevel } from '../../../src/machines/s370/assist/vm-assist.ts';
import { S370 } from '../../../src/machines/s370/machine.ts';
import { CardReader } from '../../../src/machines/s370/devices/card-reader.ts';
import { Console3215 } from '../../../src/machines/s370/devices/console-3215.ts';
import type { Device } from '../../../src/machines/s370/devices/device.ts';
import { disk3330 } from '../../../src/machines/s370/devices/disk-3330.ts';
import { drum2305 } from '../../../src/machines/s370/devices/drum-2305.ts';
import { Printer1403 } from '../../../src/machines/s370/devices/printer-1403.ts';
import { NativeSystem } from '../../../src/machines/s370/native-system.ts';
import { packPsw, unpackPsw, type Psw } from '../../../src/machines/s370/psw.ts';
import type { System370 } from '../../../src/machines/s370/system.ts';
import { ControlProgram } from '../../../src/monitors/cp/control-program.ts';
import type { VirtualDevice } from '../../../src/monitors/cp/state.ts';
import { VirtualMachine } from '../../../src/monitors/cp/virtual-machine.ts';

export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A program in a machine of its own. */
export interface Guest {
  readonly segments: readonly Segment[];
  readonly storage: number;
  readonly devices: readonly { readonly address: number; readonly type: string }[];
  readonly cards?: readonly string[];
  /** Lines typed when the console waits for one. */
  readonly typed?: readonly string[];
}

/** All that the guest leaves behind and the levels are to agree on. */
export interface Outcome {
  readonly psw: string;
  readonly gr: readonly string[];
  readonly fpr: readonly string[];
  readonly cr: readonly string[];
  readonly console: string;
  readonly printer: string;
}

const CONSOLE = 0x009;
const NUCLEUS = 0x20000;
const PAGE = 4096;

const hex = (word: number): string => (word >>> 0).toString(16).toUpperCase().padStart(8, '0');

function makeDevice(type: string, cards: readonly string[]): Device {
  switch (type) {
    case '3215':
      return new Console3215();
    case '1403':
      return new Printer1403();
    case '2540R': {
      const reader = new CardReader();
      reader.load(cards.map((card) => ebcdicBytes(card, 80)));
      return reader;
    }
    case '3330':
      return disk3330();
    case '2305':
      return drum2305();
    default:
      throw new Error(`no device ${type}`);
  }
}

/** The device of a virtual machine that stands for `type`; disks are whole packs. */
export function virtualDevice(address: number, type: string, cards: readonly string[] = []): VirtualDevice {
  const base = { address, pending: null, busy: false, sense: [] };
  switch (type) {
    case '3215':
      return { ...base, type: 'console', waiting: null, typing: null };
    case '1403':
      return { ...base, type: 'printer', records: [], spoolClass: 'A' };
    case '2540R': {
      const records = cards.map((card) => [...ebcdicBytes(card, 80)]);
      return { ...base, type: 'reader', records, spoolClass: records.length > 0 ? 'A' : 'empty' };
    }
    default:
      return {
        ...base,
        type: 'disk',
        real: address,
        start: 0,
        cylinders: 0xffff,
        readOnly: false,
        program: null,
      };
  }
}

/** Absolute address behind `real` of the virtual machine, or −1 where a page was never touched. */
function absolute(vm: VirtualMachine, machine: S370, real: number): number {
  const page = vm.state.pages[real >>> 12]!;
  if (page.frame < 0) return -1;
  const below = page.frame | (real & (PAGE - 1));
  const under = vm.cp.system;
  return under instanceof VirtualMachine ? absolute(under, machine, below) : machine.cpu.absolute(below);
}

export class Run {
  readonly level: number;
  readonly machine: S370;
  readonly stack: readonly ControlProgram[];
  private readonly guest: Guest;
  private readonly devices = new Map<string, Device>();
  private typed = 0;

  constructor(guest: Guest, level: number, assist: AssistLevel = 'none') {
    this.guest = guest;
    this.level = level;
    const machine = new S370({ storage: guest.storage + level * NUCLEUS, assist });
    this.machine = machine;
    const devices = level > 0 ? [{ address: CONSOLE, type: '3215' }, ...guest.devices] : guest.devices;
    const distinct = new Map(devices.map((d) => [d.address, d.type]));
    for (const [address, type] of distinct) {
      const device = makeDevice(type, guest.cards ?? []);
      this.devices.set(type, device);
      machine.channels.attach(address, device);
    }
    const stack: ControlProgram[] = [];
    let system: System370 = new NativeSystem(machine);
    for (let i = 0; i < level; i++) {
      const cp: ControlProgram = new ControlProgram(system, {
        nucleus: NUCLEUS,
        paging: null,
        terminals: [CONSOLE],
      });
      system.attach(cp);
      stack.push(cp);
      const own =
        i === level - 1 ? guest.devices : [...distinct].map(([address, type]) => ({ address, type }));
      system = cp.logon({
        name: i === level - 1 ? 'GUEST' : `CP${i + 2}`,
        storage: guest.storage + (level - i - 1) * NUCLEUS,
        devices: own.map(({ address, type }) => virtualDevice(address, type, guest.cards)),
        terminal: 0,
      });
    }
    this.stack = stack;
    this.load();
  }

  private get vm(): VirtualMachine | null {
    return this.stack.at(-1)?.machines[0] ?? null;
  }

  private load(): void {
    const { vm, machine } = this;
    for (const { address, bytes } of this.guest.segments)
      if (vm) vm.store(address, bytes);
      else machine.cpu.storage.write(address, bytes);
    if (!vm) {
      machine.loadPsw(unpackPsw(machine.cpu.view.getUint32(0), machine.cpu.view.getUint32(4)));
      return;
    }
    vm.state.psw = vm.fetchPsw(0);
    // Keys as the guest finds them on a machine that was just switched on: loading left no trace.
    for (let block = 0; block < this.guest.storage; block += 2048) vm.changeStorageKey(block, 0);
    for (const cp of this.stack) cp.machines[0]!.state.stopped = false;
    for (const cp of this.stack.toReversed()) cp.start();
  }

  /** Runs to the end of the guest; gives why it ended, or that it did not in `seconds` of its own time. */
  toEnd(seconds: number, slice = 1_000_000): string {
    const { machine } = this;
    const end = (seconds * 1e12) / machine.cpu.model.cyclePicoseconds;
    const operator = this.devices.get('3215');
    const typed = this.guest.typed ?? [];
    while (machine.clock < end) {
      const stop = machine.run(slice);
      if (operator instanceof Console3215 && operator.awaitsInput && this.typed < typed.length)
        operator.type(typed[this.typed++]!);
      else if (stop.kind !== 'budget') return stop.kind;
      else if (this.vm?.state.stopped && machine.cpu.wait) return 'wait';
    }
    return `still running after ${seconds} s`;
  }

  /** Books are closed and balance: the sum of the ledger and the clock. */
  get books(): { readonly ledger: number; readonly clock: number } {
    return { ledger: this.machine.ledger.total, clock: this.machine.clock };
  }

  /** Part of all instructions' worth of cycles that the processor spent on the guest itself. */
  get directShare(): number {
    const rows = this.machine.ledger.rows();
    const sum = (pick: (row: (typeof rows)[number]) => boolean): number =>
      rows.filter(pick).reduce((total, { cycles }) => total + cycles, 0);
    const busy = sum(({ reason }) => reason !== 'idle');
    const own = sum(
      ({ reason, layer, level }) =>
        reason === 'direct' && level === this.level && (layer === 'guest-kernel' || layer === 'guest-user'),
    );
    return own / busy;
  }

  get psw(): Psw {
    return this.vm?.state.psw ?? this.machine.psw;
  }

  /** All of the guest's storage; `masked` cells read as zero. */
  storage(masked: readonly { readonly at: number; readonly length: number }[] = []): Uint8Array {
    const { bytes } = this.machine.cpu;
    const found = new Uint8Array(this.guest.storage);
    for (let page = 0; page < this.guest.storage; page += PAGE) {
      const at = this.vm ? absolute(this.vm, this.machine, page) : page;
      if (at >= 0) found.set(bytes.subarray(at, at + PAGE), page);
    }
    for (const { at, length } of masked) found.fill(0, at, at + length);
    return found;
  }

  /** Access key and fetch protection of every block of 2 K. */
  keys(): readonly number[] {
    return Array.from({ length: this.guest.storage / 2048 }, (_, block) => {
      const key = this.vm ? this.vm.swap.key(block) : this.machine.cpu.storage.keys[block]!;
      return key & 0xf8;
    });
  }

  get outcome(): Outcome {
    const state = this.vm?.state ?? this.machine.cpu;
    const words = packPsw({ ...this.psw, interruptionCode: 0, instructionLengthCode: 0 });
    return {
      psw: words.map(hex).join(' '),
      gr: Array.from(state.gr, hex),
      fpr: Array.from(state.fpr, hex),
      cr: Array.from(state.cr, hex),
      console: this.consoleText,
      printer: this.printerText,
    };
  }

  /** The paper of the terminal without the lines that CP types of its own. */
  private get consoleText(): string {
    const device = this.devices.get('3215');
    const text = device instanceof Console3215 ? device.output : '';
    return text.replace(/(DMK\w+ )?CP ENTERED;[^\n]*\n/g, '');
  }

  /** What CP said when the guest ended. */
  get lastWords(): string {
    const device = this.devices.get('3215');
    const text = device instanceof Console3215 ? device.output : '';
    return /CP ENTERED;[^\n]*/.exec(text)?.[0] ?? '';
  }

  /** Lines printed, without the forms: CP's spool file has records, the real printer has paper. */
  private get printerText(): string {
    const virtual = this.vm?.state.devices.find((d) => d.type === 'printer');
    if (virtual?.type === 'printer')
      return virtual.records
        .filter(([command = 0]) => (command & 7) === 1)
        .map(([, ...bytes]) => fromEbcdic(bytes).trimEnd())
        .join('\n');
    const device = this.devices.get('1403');
    return device instanceof Printer1403 ? device.lines.flatMap(({ strikes }) => strikes).join('\n') : '';
  }
}

/** Runs of bytes that differ, in words, the first few of them. */
export function differences(one: Uint8Array, other: Uint8Array, most = 8): string[] {
  const found: string[] = [];
  for (let at = 0; at < one.length && found.length < most; at++) {
    if (one[at] === other[at]) continue;
    const from = at & ~3;
    const word = (bytes: Uint8Array): string =>
      [0, 1, 2, 3].map((i) => bytes[from + i]!.toString(16).toUpperCase().padStart(2, '0')).join('');
    found.push(`${hex(from).slice(2)}: ${word(one)} is ${word(other)}`);
    at = from + 3;
  }
  return found;
}
