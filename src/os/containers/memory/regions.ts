/** The map of an address space: stretches of linear addresses with the same rights and the same source. */
import type { RegularFile } from '../files/inode.ts';

export const PROT_READ = 1;
export const PROT_WRITE = 2;
export const PROT_EXEC = 4;
/** Addresses of programs end here. */
export const USER_END = 0xc0000000;

export interface Region {
  readonly start: number;
  readonly end: number;
  readonly protection: number;
  /** Stores are seen by everybody who maps the same. */
  readonly shared: boolean;
  /** Where its pages come from, `offset` at its start; null: zeros. */
  readonly file: RegularFile | null;
  readonly offset: number;
  /** It is extended downwards when the program touches what lies beneath. */
  readonly grows: boolean;
  /** What maps shows: a path, [heap], [stack], or ''. */
  readonly name: string;
}

/** The part of a region between two addresses. */
const part = (region: Region, start: number, end: number): Region => ({
  ...region,
  start,
  end,
  offset: region.file ? region.offset + (start - region.start) : 0,
});

const joins = (a: Region, b: Region): boolean =>
  a.end === b.start &&
  a.protection === b.protection &&
  a.shared === b.shared &&
  a.file === b.file &&
  !a.grows &&
  !b.grows &&
  a.name === b.name &&
  (a.file === null || a.offset + (a.end - a.start) === b.offset);

/** Regions in order of their addresses; none overlap. */
export class Regions {
  private list: Region[] = [];

  get all(): readonly Region[] {
    return this.list;
  }

  get bytes(): number {
    return this.list.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  find(address: number): Region | undefined {
    let [low, high] = [0, this.list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const region = this.list[middle]!;
      if (address < region.start) high = middle;
      else if (address >= region.end) low = middle + 1;
      else return region;
    }
    return undefined;
  }

  /** The next region that begins above an address. */
  above(address: number): Region | undefined {
    return this.list.find(({ start }) => start > address);
  }

  within(start: number, end: number): readonly Region[] {
    return this.list.filter((region) => region.end > start && region.start < end);
  }

  /** Whether every address between has a region. */
  covers(start: number, end: number): boolean {
    let at = start;
    for (const region of this.within(start, end)) {
      if (region.start > at) return false;
      at = region.end;
    }
    return at >= end;
  }

  /** Replaces what lies between two addresses: `change` maps each region's part, null removes it. */
  change(start: number, end: number, change: (region: Region) => Region | null): void {
    const list: Region[] = [];
    for (const region of this.list) {
      if (region.end <= start || region.start >= end) {
        list.push(region);
        continue;
      }
      if (region.start < start) list.push({ ...part(region, region.start, start), grows: false });
      const changed = change(part(region, Math.max(start, region.start), Math.min(end, region.end)));
      if (changed) list.push(changed);
      if (region.end > end) list.push(part(region, end, region.end));
    }
    this.list = joined(list);
  }

  add(region: Region): void {
    this.list.push(region);
    this.list.sort((a, b) => a.start - b.start);
    this.list = joined(this.list);
  }

  copy(): Regions {
    const copy = new Regions();
    copy.list = [...this.list];
    return copy;
  }

  /** The highest gap of `length` bytes below `top`; 0 if there is none. */
  gap(length: number, top: number): number {
    let end = top;
    for (let k = this.list.length - 1; k >= 0; k--) {
      const region = this.list[k]!;
      if (region.start >= end) continue;
      if (end - region.end >= length) return end - length;
      end = region.start;
    }
    return end - length >= 0x10000 ? end - length : 0;
  }
}

function joined(list: readonly Region[]): Region[] {
  const result: Region[] = [];
  for (const region of list) {
    const last = result.at(-1);
    if (last && joins(last, region)) result[result.length - 1] = { ...last, end: region.end };
    else result.push(region);
  }
  return result;
}
