/**
 * A dialogue with the guest, written down beforehand: texts to wait for, keys to type then, and the text that ends the
 * run. The serial line is heard byte by byte, the screen at fixed times of the machine's clock, so that a run is the
 * same to the cycle however it is cut.
 */
import type { Pc } from '../../machines/pc/machine.ts';

export interface Line {
  /** What is typed, once `after` has appeared; without it at the beginning. */
  readonly keys: string;
  readonly after: string | null;
}

/** Where keys go: to where the awaited text stood, or always to one of them. */
export type Keyboard = 'auto' | 'serial' | 'keyboard';

export interface Script {
  readonly lines: readonly Line[];
  readonly until: string | null;
  readonly keyboard: Keyboard;
}

/** The screen is looked at 100 times a second of the machine's time. */
const LOOKS_PER_SECOND = 100;

export class Dialogue {
  private readonly pc: Pc;
  private readonly script: Script;
  private next = 0;
  /** What came over the serial line since the last answer. */
  private heard = '';
  /** The screen as it stood when the last keys were typed there: a text on it is no news. */
  private seen = '';
  ended = false;

  constructor(pc: Pc, script: Script, startsOn: 'serial' | 'keyboard') {
    this.pc = pc;
    this.script = script;
    if (this.awaited !== null || script.lines.length > 0)
      pc.chipset.com1.onSent.push((byte) => {
        this.hear(byte);
      });
    while (this.line?.after === null) this.type(this.line.keys, startsOn);
  }

  private get line(): Line | undefined {
    return this.script.lines[this.next];
  }

  /** The text that is waited for, or null. */
  private get awaited(): string | null {
    return this.line ? this.line.after : this.script.until;
  }

  private hear(byte: number): void {
    const { awaited } = this;
    if (awaited === null || this.ended) return;
    this.heard = (this.heard + String.fromCharCode(byte)).slice(-awaited.length);
    if (this.heard === awaited) this.answer('serial');
  }

  private answer(where: 'serial' | 'keyboard'): void {
    this.heard = '';
    if (this.line) {
      this.type(this.line.keys, where);
      while (this.line?.after === null) this.type(this.line.keys, where);
    } else {
      this.ended = true;
      this.pc.pause('until');
    }
  }

  private type(keys: string, where: 'serial' | 'keyboard'): void {
    const { keyboard } = this.script;
    this.next++;
    if ((keyboard === 'auto' ? where : keyboard) === 'serial') this.pc.chipset.com1.type(keys);
    else this.pc.chipset.keyboard.type(keys);
    this.seen = where === 'keyboard' ? this.screen : this.seen;
  }

  private get screen(): string {
    return this.pc.chipset.vga.screen().lines.join('\n');
  }

  /** Clock at which the screen is to be looked at next. */
  get nextLook(): number {
    if (this.awaited === null) return Infinity;
    const every = Math.floor(this.pc.cpu.model.frequency / LOOKS_PER_SECOND);
    return (Math.floor(this.pc.clock / every) + 1) * every;
  }

  /** Looks at the screen. */
  look(): void {
    // Nobody sees where on the screen a line ends in blanks.
    const awaited = this.awaited?.trimEnd() ?? '';
    if (awaited === '' || this.ended) return;
    const { screen } = this;
    if (occurrences(screen, awaited) > occurrences(this.seen, awaited)) this.answer('keyboard');
    else if (!screen.includes(awaited)) this.seen = '';
  }
}

const occurrences = (text: string, part: string): number => text.split(part).length - 1;
