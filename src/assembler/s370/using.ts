/** Base registers: what USING promised and DROP took back (GC33-4010, "Base register instructions"). */
import { combine, isAbsolute, resolved, type Value } from '../core/value.ts';

/** Displacements have 12 bits. */
export const REACH = 4096;

export interface BaseAddress {
  readonly base: number;
  readonly displacement: number;
}

export class Usings {
  #bases = new Map<number, Value>();
  readonly #saved: Map<number, Value>[] = [];

  set(register: number, base: Value): void {
    this.#bases.set(register, base);
  }

  /** False if the register was not in use. */
  drop(register: number): boolean {
    return this.#bases.delete(register);
  }

  dropAll(): void {
    this.#bases.clear();
  }

  push(): void {
    this.#saved.push(new Map(this.#bases));
  }

  /** False if nothing was pushed. */
  pop(): boolean {
    const saved = this.#saved.pop();
    if (saved) this.#bases = saved;
    return saved !== undefined;
  }

  /** Base and displacement of `value`: the smallest displacement, then the highest register; null if out of reach. */
  resolve(value: Value): BaseAddress | null {
    let best: BaseAddress | null = null;
    const consider = (base: number, displacement: number): void => {
      if (displacement < 0 || displacement >= REACH) return;
      if (
        best &&
        (displacement > best.displacement || (displacement === best.displacement && base < best.base))
      )
        return;
      best = { base, displacement };
    };
    if (isAbsolute(value)) consider(0, value.offset);
    for (const [register, base] of this.#bases) {
      const distance = this.#distance(register, base, value);
      if (distance !== null) consider(register, distance);
    }
    return best;
  }

  /** The register whose base lies nearest below `value`, for saying by how much it fails to reach. */
  nearestBelow(value: Value): BaseAddress | null {
    let best: BaseAddress | null = null;
    for (const [register, base] of this.#bases) {
      const displacement = this.#distance(register, base, value);
      if (displacement === null || displacement < 0) continue;
      if (!best || displacement < best.displacement) best = { base: register, displacement };
    }
    return best;
  }

  #distance(register: number, base: Value, value: Value): number | null {
    const distance = combine(value, base, -1);
    // As a base, register 0 stands for the number 0 whatever USING says: it reaches the lowest 4096 addresses.
    if (register === 0 && [...base.starts.keys()].every((place) => !place.dummy)) return resolved(value);
    return isAbsolute(distance) ? distance.offset : null;
  }
}
