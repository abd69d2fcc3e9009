/** The one real terminal, a 3215: types what processes write to it, and reads a line when its user asks to type one. */
import { ebcdicBytes, fromEbcdic } from '../../base/ebcdic.ts';
import { CAW, CSW } from '../../machines/s370/assigned-storage.ts';
import type { System370 } from '../../machines/s370/system.ts';

export interface TerminalState {
  /** Text still to be typed. */
  queue: string;
  doing: 'write' | 'read' | null;
  readWanted: boolean;
}
const LINE_BYTES = 128;
const WRITE = 0x01;
const READ_INQUIRY = 0x0a;
const SUPPRESS_LENGTH = 0x20;
const ATTENTION = 0x80;
const DEVICE_END = 0x04;

export class Terminal {
  private readonly system: System370;
  private readonly address: number;
  private readonly at: number;
  private readonly line: (text: string) => void;
  state: TerminalState = { queue: '', doing: null, readWanted: false };

  /** At `at` there is room for a CCW and a line. */
  constructor(system: System370, address: number, at: number, line: (text: string) => void) {
    this.system = system;
    this.address = address;
    this.at = at;
    this.line = line;
  }

  write(text: string): void {
    this.state.queue += text;
    this.start();
  }

  start(): void {
    const { state } = this;
    if (state.doing) return;
    if (state.queue !== '') {
      const text = state.queue.slice(0, LINE_BYTES);
      const bytes = ebcdicBytes(text);
      this.system.store(this.at + 8, bytes);
      if (this.startIo(WRITE, bytes.length)) {
        state.doing = 'write';
        state.queue = state.queue.slice(text.length);
      }
    } else if (state.readWanted && this.startIo(READ_INQUIRY, LINE_BYTES)) {
      state.doing = 'read';
      state.readWanted = false;
    }
  }

  private startIo(command: number, count: number): boolean {
    const { system, at } = this;
    system.storeWord(at, (command << 24) | (at + 8));
    system.storeWord(at + 4, (SUPPRESS_LENGTH << 24) | count);
    system.storeWord(CAW, at);
    const code = system.startIo(this.address);
    if (code === 1) this.state.readWanted = true; // attention was pending, and came with the CSW
    return code === 0 || (code === 1 && system.startIo(this.address) === 0);
  }

  /** It has interrupted; its status is in the CSW. */
  interruption(): void {
    const status = this.system.fetchWord(CSW + 4);
    const unit = status >>> 24;
    const { state } = this;
    if ((unit & ATTENTION) !== 0) state.readWanted = true;
    if ((unit & DEVICE_END) !== 0) {
      const { doing } = state;
      state.doing = null;
      const length = LINE_BYTES - (status & 0xffff);
      if (doing === 'read') this.line(fromEbcdic(this.system.fetch(this.at + 8, length)));
    }
    this.start();
  }
}
