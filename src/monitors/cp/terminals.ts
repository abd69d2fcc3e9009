/**
 * CP's terminals: real 3215s, one for each user. CP owns them: guests' console writes and CP's own messages are queued
 * here, and every line typed comes here first, where `#CP` and the CP mode are told from input of the guest.
 */
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import { CAW, CSW } from '../../machines/s370/assigned-storage.ts';
import { ATTENTION, CHANNEL_END, DEVICE_END } from '../../machines/s370/channels/csw.ts';
import type { System370 } from '../../machines/s370/system.ts';
import type { FreeStorage } from './free-storage.ts';

const WRITE = 0x01;
const WRITE_AND_RETURN = 0x09;
const READ_INQUIRY = 0x0a;
const SUPPRESS_LENGTH = 0x20;
/** Longest line that is written or read at a time. */
export const TERMINAL_LINE = 126;
/** A CCW and a line. */
const AREA = 8 + 128;

interface Output {
  readonly text: string;
  /** The carriage returns afterwards. */
  readonly ended: boolean;
  /** The last piece of a guest's write: its console waits for it. */
  readonly forGuest: boolean;
}

interface TerminalState {
  readonly address: number;
  /** Real address of its CCW and line buffer. */
  readonly at: number;
  readonly queue: readonly Output[];
  readonly doing: 'write' | 'read' | null;
  /** Somebody wants a line as soon as the queue is empty. */
  readonly readWanted: boolean;
  /** CP has cut the read off to type something first; it is started again after that. */
  readonly cutOff?: boolean;
}

export interface TerminalsHost {
  readonly system: System370;
  charge(path: 'simulateCcw' | 'ioInterruption'): void;
  /** A guest's write has been typed. */
  guestWriteTyped(terminal: number): void;
  lineTyped(terminal: number, line: string): void;
}

export class Terminals {
  private readonly host: TerminalsHost;
  private terminals: TerminalState[];

  constructor(host: TerminalsHost, addresses: readonly number[], free: FreeStorage) {
    this.host = host;
    this.terminals = addresses.map((address) => {
      const at = free.take(AREA);
      if (at === null) throw new Error('no free storage for terminals');
      return { address, at, queue: [], doing: null, readWanted: false };
    });
  }

  get count(): number {
    return this.terminals.length;
  }

  /** Index of the terminal at a real address, or −1. */
  find(address: number): number {
    return this.terminals.findIndex((t) => t.address === address);
  }

  /** Real address of a terminal as CP types it. */
  addressOf(terminal: number): string {
    const address = this.terminals[terminal]?.address;
    return address === undefined ? 'NONE' : address.toString(16).toUpperCase().padStart(3, '0');
  }

  /** Whether the terminal is unlocked for a line. */
  reading(terminal: number): boolean {
    return this.terminals[terminal]?.doing === 'read';
  }

  private change(terminal: number, fields: Partial<TerminalState>): void {
    this.terminals[terminal] = { ...this.terminals[terminal]!, ...fields };
  }

  /** Queues text to be typed. */
  write(terminal: number, text: string, ended = true, forGuest = false): void {
    const state = this.terminals[terminal];
    if (!state) return;
    const lines = text.match(new RegExp(`[^\\n]{1,${TERMINAL_LINE}}`, 'g')) ?? [''];
    const outputs = lines.map((line, i) => ({
      text: line,
      ended: ended || i < lines.length - 1,
      forGuest: forGuest && i === lines.length - 1,
    }));
    this.change(terminal, { queue: [...state.queue, ...outputs] });
    this.start(terminal);
  }

  /** Unlocks the keyboard for a line, after all that is to be typed. */
  read(terminal: number): void {
    if (!this.terminals[terminal]) return;
    this.change(terminal, { readWanted: true });
    this.start(terminal);
  }

  /** Starts what found the terminal's subchannel busy. */
  retry(): void {
    this.terminals.forEach((_, terminal) => this.start(terminal));
  }

  private start(terminal: number): void {
    const state = this.terminals[terminal]!;
    if (state.doing === 'read' && state.queue.length > 0 && !state.cutOff) {
      this.change(terminal, { cutOff: true });
      this.host.system.haltDevice(state.address);
    }
    if (state.doing) return;
    const output = state.queue[0];
    if (output) {
      const bytes = ebcdicBytes(output.text);
      this.host.system.store(state.at + 8, bytes);
      this.startIo(terminal, output.ended ? WRITE_AND_RETURN : WRITE, Math.max(1, bytes.length), 'write');
    } else if (state.readWanted) {
      this.change(terminal, { readWanted: false });
      this.host.system.store(state.at + 8, new Uint8Array(TERMINAL_LINE));
      this.startIo(terminal, READ_INQUIRY, TERMINAL_LINE, 'read');
    }
  }

  private startIo(terminal: number, command: number, count: number, doing: 'write' | 'read'): void {
    const { system } = this.host;
    const { at, address } = this.terminals[terminal]!;
    system.storeWord(at, (command << 24) | (at + 8));
    system.storeWord(at + 4, (SUPPRESS_LENGTH << 24) | count);
    system.storeWord(CAW, at);
    const code = system.startIo(address);
    if (code === 0) this.change(terminal, { doing });
    // Attention was pending: its status has come with the CSW, so the keyboard asks for a read.
    else if (code === 1) {
      this.change(terminal, { readWanted: true });
      if (system.startIo(address) === 0) this.change(terminal, { doing });
    }
  }

  /** The terminal at `address` has interrupted; its status is in the CSW. */
  interruption(terminal: number): void {
    const { system } = this.host;
    const status = system.fetchWord(CSW + 4);
    const state = this.terminals[terminal]!;
    const unit = status >>> 16;
    if ((unit & ATTENTION) !== 0) this.change(terminal, { readWanted: true });
    if (state.doing === 'write' && (unit & DEVICE_END) !== 0) {
      this.change(terminal, { doing: null, queue: state.queue.slice(1) });
      if (state.queue[0]!.forGuest) this.host.guestWriteTyped(terminal);
    } else if (state.doing === 'read' && (unit & (CHANNEL_END | DEVICE_END)) !== 0) {
      const length = TERMINAL_LINE - (status & 0xffff);
      const cutOff = state.cutOff === true && length === 0;
      this.change(terminal, { doing: null, cutOff: false });
      if (cutOff) {
        this.change(terminal, { readWanted: true });
        this.start(terminal);
        return;
      }
      this.host.charge('simulateCcw');
      this.host.lineTyped(terminal, fromEbcdic(system.fetch(state.at + 8, length)));
    }
    this.start(terminal);
  }

  save(): readonly TerminalState[] {
    return this.terminals;
  }
  restore(state: readonly TerminalState[]): void {
    this.terminals = [...state];
  }
}
