/** CP's free storage: the part of its nucleus from which it takes control blocks, tables and translated CCWs. */

interface Area {
  readonly at: number;
  readonly length: number;
}

export class FreeStorage {
  private areas: Area[];

  constructor(at: number, length: number) {
    this.areas = [{ at, length }];
  }

  /** Real address of `length` bytes on a boundary of `alignment` (a power of two), or null when there are none left. */
  take(length: number, alignment = 8): number | null {
    const wanted = (length + 7) & ~7;
    for (const [i, area] of this.areas.entries()) {
      const at = (area.at + alignment - 1) & ~(alignment - 1);
      const end = area.at + area.length;
      if (at + wanted > end) continue;
      const rest = [
        { at: area.at, length: at - area.at },
        { at: at + wanted, length: end - at - wanted },
      ].filter((r) => r.length > 0);
      this.areas.splice(i, 1, ...rest);
      return at;
    }
    return null;
  }

  /** Gives `length` bytes at `at` back, joining them with free neighbours. */
  release(at: number, length: number): void {
    this.areas.push({ at, length: (length + 7) & ~7 });
    this.areas.sort((a, b) => a.at - b.at);
    this.areas = this.areas.reduce<Area[]>((joined, area) => {
      const last = joined.at(-1);
      if (last && last.at + last.length === area.at)
        joined[joined.length - 1] = { at: last.at, length: last.length + area.length };
      else joined.push(area);
      return joined;
    }, []);
  }

  save(): readonly Area[] {
    return [...this.areas];
  }
  restore(areas: readonly Area[]): void {
    this.areas = [...areas];
  }
}
