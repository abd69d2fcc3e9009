/** Sections: location counters in the first pass, addresses after it, bytes in the second. */
import type { Span } from '../../base/diagnostics.ts';
import { Problem } from './problem.ts';
import type { Place } from './value.ts';

export class Section implements Place {
  readonly name: string;
  readonly dummy: boolean;
  /** Address of the first byte, known after layout. */
  address = 0;
  /** Offset of the next byte to be placed. */
  counter = 0;
  /** Highest offset reached: ORG may set the counter back. */
  size = 0;
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(name: string, dummy: boolean) {
    this.name = name;
    this.dummy = dummy;
  }
}

export const alignUp = (value: number, alignment: number): number => Math.ceil(value / alignment) * alignment;

export class Sections {
  readonly #list: Section[] = [];
  readonly #limit: number;
  #total = 0;
  current: Section | null = null;
  /** Address of the first control section. */
  origin = 0;

  /** `limit`: bytes that all sections together may take. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get control(): readonly Section[] {
    return this.#list.filter((section) => !section.dummy);
  }

  /** Goes on in the section `name`, which begins here if it is new. */
  enter(name: string, dummy: boolean): Section {
    let section = this.#list.find((s) => s.name === name && s.dummy === dummy);
    if (!section) this.#list.push((section = new Section(name, dummy)));
    this.current = section;
    return section;
  }

  /** Sets the counter of `section`. */
  moveTo(section: Section, offset: number, span: Span): void {
    if (offset > section.size) {
      const total = this.#total + offset - section.size;
      if (total > this.#limit)
        throw new Problem(span, `the program grows beyond ${this.#limit} bytes, all that can be addressed`);
      this.#total = total;
      section.size = offset;
    }
    section.counter = offset;
  }

  /** Gives every control section its address, one after the other, and room for its bytes. */
  layOut(alignment: number): void {
    let address = this.origin;
    for (const section of this.control) {
      section.address = alignUp(address, alignment);
      section.bytes = new Uint8Array(section.size);
      address = section.address + section.size;
    }
  }
}
