/** Sections of a flat program: counters while a pass runs, addresses after it. NASM manual, section 8.1 ("bin"). */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from '../core/problem.ts';
import { alignUp } from '../core/sections.ts';
import type { Place } from '../core/value.ts';

/** All that 32-bit programs of this lab may take. */
const LARGEST = 1 << 26;

export class Section implements Place {
  readonly name: string;
  /** A structure being described: its offsets are plain numbers. */
  readonly dummy: boolean;
  address = 0;
  counter = 0;
  alignment: number;
  /** It reserves memory and has no bytes in the file. */
  readonly empty: boolean;
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(256);

  constructor(name: string, dummy: boolean) {
    this.name = name;
    this.dummy = dummy;
    this.empty = name === '.bss';
    this.alignment = name === '.text' ? 1 : 4;
  }

  write(bytes: Uint8Array): void {
    if (this.empty || this.dummy) return;
    while (this.bytes.length < this.counter + bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(bytes, this.counter);
  }

  advance(length: number, span: Span): void {
    if (this.counter + length > LARGEST)
      throw new Problem(span, `section ${this.name} grows beyond ${LARGEST >> 20} MB`);
    this.counter += length;
  }
}

export class Layout {
  readonly sections: Section[] = [];
  current: Section;
  origin = 0;

  constructor() {
    this.current = this.enter('.text');
  }

  /** The section `name`, which begins here if it is new. */
  enter(name: string): Section {
    const found = this.sections.find((section) => section.name === name);
    if (!found) this.sections.push((this.current = new Section(name, false)));
    else this.current = found;
    return this.current;
  }

  /** In the order of addresses: what has bytes first, what only reserves memory last. */
  get ordered(): readonly Section[] {
    return [...this.sections.filter(({ empty }) => !empty), ...this.sections.filter(({ empty }) => empty)];
  }

  /** Gives the sections addresses, and empties their counters for another pass; false if an address changed. */
  settle(): boolean {
    let address = this.origin;
    let same = true;
    for (const section of this.ordered) {
      const start = section.counter === 0 ? address : alignUp(address, section.alignment);
      same &&= section.address === start;
      section.address = start;
      address = start + section.counter;
    }
    return same;
  }

  rewind(): void {
    for (const section of this.sections) section.counter = 0;
    this.current = this.sections[0]!;
  }
}
