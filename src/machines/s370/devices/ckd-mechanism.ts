/**
 * The mechanism of a count-key-data drive: arm, heads and the angle of the medium, which follows from the clock alone.
 * Knows no commands: the control unit (ckd-device.ts) asks it where the next area is and when it comes.
 */
import { END_OF_CYLINDER, FILE_PROTECTED, NO_RECORD_FOUND, permissions } from './ckd-commands.ts';
import { trackOf, type CkdImage } from './ckd-image.ts';
import { circumference, places, type CkdRecord, type CkdTrack, type Place } from './ckd-track.ts';
import type { Line } from './device.ts';

/** Which area of which record the head passed last. */
export interface Orientation {
  readonly record: number;
  readonly area: 'count' | 'key' | 'data';
}

/** The next count area, or where on the way the search failed: cycles until then, and sense byte 1. */
export type Found =
  { readonly record: number; readonly wait: number } | { readonly wait: number; readonly sense: number };

export interface MechanismState {
  readonly cylinder: number;
  readonly head: number;
  readonly mask: number;
  readonly orientation: Orientation | null;
  readonly indexes: number;
  readonly sector: number;
}

export class Mechanism {
  readonly image: CkdImage;
  line: Line | null = null;
  cylinder = 0;
  head = 0;
  /** File mask: the mechanism heeds it when a multitrack command wants the next head. */
  mask = 0;
  orientation: Orientation | null = null;
  /** Index points passed since anything was found. */
  indexes = 0;
  /** Sector of the record that the head was at last. */
  sector = 0;
  private readonly bytesAround: number;

  constructor(image: CkdImage) {
    this.image = image;
    this.bytesAround = circumference(image.geometry);
  }

  /** A new channel program begins. */
  begin(): void {
    this.mask = 0;
    this.orientation = null;
    this.indexes = 0;
  }

  // ---------------------------------------------------------------- rotation

  get rotationCycles(): number {
    return this.line!.cycles(this.image.geometry.rotation.value * 1000);
  }

  get perByte(): number {
    return this.rotationCycles / this.bytesAround;
  }

  /** Bytes since the index. */
  get angle(): number {
    return (this.line!.clock % this.rotationCycles) / this.perByte;
  }

  /** The part of a revolution since the index. */
  get turn(): number {
    return this.line ? this.angle / this.bytesAround : 0;
  }

  /** Cycles until `place` comes under the head, if it is looked for `after` so many cycles. */
  until(place: number, after = 0): number {
    const distance = (place - this.angle - after / this.perByte) % this.bytesAround;
    return after + (distance < 0 ? distance + this.bytesAround : distance) * this.perByte;
  }

  untilSector(sector: number): number {
    return this.until((sector * this.bytesAround) / this.image.geometry.sectors);
  }

  // ---------------------------------------------------------------- track

  get track(): CkdTrack {
    return trackOf(this.image, this.cylinder, this.head);
  }

  place(record: number): Place {
    return places(this.image.geometry, this.track)[record]!;
  }

  /** Moves the arm and selects a head: the milliseconds that takes. */
  moveTo(cylinder: number, head: number): number {
    const distance = Math.abs(cylinder - this.cylinder);
    this.cylinder = cylinder;
    this.head = head;
    this.orientation = null;
    this.indexes = 0;
    return distance === 0 ? 0 : this.image.geometry.seek(distance);
  }

  /** The head is at an area of `record`: what follows in the chain starts from here. */
  arrive(record: number, area: Orientation['area']): void {
    this.orientation = { record, area };
    this.sector = Math.floor((this.place(record).start / this.bytesAround) * this.image.geometry.sectors);
  }

  /**
   * The next count area of a record that `wanted` accepts, on later tracks of the cylinder where `multitrack`.
   * Two index points without finding any end the search.
   */
  nextCount(multitrack: boolean, wanted: (record: CkdRecord) => boolean): Found {
    const { angle, track } = this;
    const spots = places(this.image.geometry, track);
    const ahead = track.findIndex((record, i) => wanted(record) && spots[i]!.count >= angle);
    if (ahead >= 0) return { record: ahead, wait: this.until(spots[ahead]!.count) };
    for (let wait = this.until(0); ; wait += this.rotationCycles) {
      if (multitrack) {
        const failure = this.nextHead();
        if (failure !== 0) return { wait, sense: failure };
      } else if (++this.indexes >= 2) return { wait, sense: NO_RECORD_FOUND };
      const first = this.track.findIndex(wanted);
      if (first >= 0) return { record: first, wait: wait + this.place(first).count * this.perByte };
    }
  }

  /** Switches to the next head at the index; nonzero: sense byte 1 that says why not. */
  nextHead(): number {
    if (!permissions(this.mask).seekHead) return FILE_PROTECTED;
    if (this.head + 1 >= this.image.geometry.heads) return END_OF_CYLINDER;
    this.head++;
    return 0;
  }
}
