/**
 * A drive for count-key-data media with its control unit: seeks, searches, reads and writes records as they pass.
 * A command chained to another takes up where that one left the track (the mechanism's orientation); reaching an
 * area too late costs a revolution, as the command retry of a 3830 does. GA26-1592 (3830/3330 reference manual).
 *
 * SIMPLIFIED: no defects, no alternate tracks in use, no record overflow, no second path.
 */
import { CHANNEL_END, DEVICE_END, STATUS_MODIFIER, UNIT_CHECK, UNIT_EXCEPTION } from '../channels/csw.ts';
import * as ckd from './ckd-commands.ts';
import type { CkdImage } from './ckd-image.ts';
import { Mechanism, type MechanismState } from './ckd-mechanism.ts';
import {
  countArea,
  HOME_ADDRESS_BYTES,
  HOME_ADDRESS_PLACE,
  recordZero,
  type CkdRecord,
  type CkdTrack,
} from './ckd-track.ts';
import { passageFor } from './ckd-read.ts';
import { grownLength, mayWrite, rewritten, type Prelude } from './ckd-write.ts';
import { ended, stateOf, type Device, type DeviceState, type End, type Line, type Reply } from './device.ts';
import { COMMAND_REJECT, DONE, NO_OPERATION, SENSE, senseReply } from './sense.ts';

export interface CkdState extends DeviceState {
  readonly version: 1;
  readonly tracks: ReadonlyMap<number, CkdTrack>;
  readonly mechanism: MechanismState;
  readonly maskSet: boolean;
  readonly prelude: Prelude;
  readonly sense: Uint8Array;
}

const plainOf = (command: number): number => command & ~ckd.MULTITRACK;
const isMultitrack = (command: number): boolean => (command & ckd.MULTITRACK) !== 0;

const hasKey = (record: CkdRecord): boolean => record.key.length > 0;

export class CkdDevice implements Device {
  readonly model: string;
  readonly commands = ckd.CKD_COMMANDS;
  readonly image: CkdImage;
  private readonly mechanism: Mechanism;
  private maskSet = false;
  private prelude: Prelude = 'none';
  private sense = new Uint8Array(ckd.SENSE_BYTES);

  constructor(image: CkdImage) {
    this.image = image;
    this.model = image.geometry.model;
    this.mechanism = new Mechanism(image);
  }

  connect(line: Line | null): void {
    this.mechanism.line = line;
  }

  /** Where arm and medium are, for a panel: `angle` is the part of a revolution since the index. */
  get position(): { readonly cylinder: number; readonly head: number; readonly angle: number } {
    const { cylinder, head, turn } = this.mechanism;
    return { cylinder, head, angle: turn };
  }

  // ---------------------------------------------------------------- errors

  private note(byte0: number, byte1 = 0): void {
    this.sense = new Uint8Array(ckd.SENSE_BYTES);
    this.sense[0] = byte0;
    this.sense[1] = byte1;
  }

  /** Sense with the place of the access mechanism in bytes 5 and 6. */
  private located(sense: Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = Uint8Array.from(sense);
    bytes[5] = this.mechanism.cylinder;
    bytes[6] = ((this.mechanism.cylinder >> 3) & 0x60) | this.mechanism.head;
    return bytes;
  }

  private reject(byte0 = COMMAND_REJECT, byte1 = 0): Reply {
    this.note(byte0, byte1);
    return ended(UNIT_CHECK);
  }

  /** An end found wrong after the bytes came. */
  private wrong(byte0: number, byte1 = 0): End {
    this.note(byte0, byte1);
    return { status: DONE | UNIT_CHECK };
  }

  /** No data, and unit check when the head has come to where it was found out. */
  private fail(found: { readonly wait: number; readonly sense: number }): Reply {
    this.note(0, found.sense);
    this.mechanism.indexes = 0;
    return this.input(new Uint8Array(0), found.wait, DONE | UNIT_CHECK);
  }

  // ---------------------------------------------------------------- answers

  private input(data: Uint8Array, wait: number, status = DONE): Reply {
    return { kind: 'input', data, wait, perByte: this.mechanism.perByte, runsOn: true, end: { status } };
  }

  private output(capacity: number, wait = 0, runsOn = false): Reply {
    return { kind: 'output', capacity, wait, perByte: this.mechanism.perByte, exact: true, runsOn };
  }

  start(command: number, chained: boolean): Reply {
    if (!chained) {
      this.mechanism.begin();
      this.maskSet = false;
      this.prelude = 'none';
    }
    if (command === SENSE) {
      this.sense = this.located(this.sense);
      const reply = senseReply(this.sense, this.mechanism.perByte);
      this.sense = new Uint8Array(ckd.SENSE_BYTES);
      return reply;
    }
    if (command === NO_OPERATION) return ended(DONE);
    this.sense = new Uint8Array(ckd.SENSE_BYTES);
    const before = this.prelude;
    this.prelude = 'none';
    const reply = this.control(command) ?? this.read(command) ?? this.search(command);
    return reply ?? this.write(command, before);
  }

  take(command: number, bytes: Uint8Array): End {
    switch (command) {
      case ckd.SEEK:
      case ckd.SEEK_CYLINDER:
      case ckd.SEEK_HEAD:
        return this.takeSeek(command, bytes);
      case ckd.SET_FILE_MASK:
        return this.takeMask(bytes[0] ?? 0);
      case ckd.SET_SECTOR:
        return this.takeSector(bytes[0] ?? 0);
    }
    if (plainOf(command) === ckd.SEARCH_HOME_ADDRESS) return this.takeHomeSearch(bytes);
    if (ckd.isSearch(command)) return this.takeSearch(command, bytes);
    return this.takeWrite(command, bytes);
  }

  // ---------------------------------------------------------------- control

  private control(command: number): Reply | null {
    const allowed = ckd.permissions(this.mechanism.mask);
    switch (command) {
      case ckd.SEEK:
        return allowed.seek ? this.output(6) : this.reject(0, ckd.FILE_PROTECTED);
      case ckd.SEEK_CYLINDER:
        return allowed.seekCylinder ? this.output(6) : this.reject(0, ckd.FILE_PROTECTED);
      case ckd.SEEK_HEAD:
        return allowed.seekHead ? this.output(6) : this.reject(0, ckd.FILE_PROTECTED);
      case ckd.SET_FILE_MASK:
        return this.maskSet ? this.reject() : this.output(1);
      case ckd.SET_SECTOR:
        return this.output(1);
      case ckd.RECALIBRATE: {
        if (!allowed.seek) return this.reject(0, ckd.FILE_PROTECTED);
        const end = this.moveTo(0, 0);
        return { kind: 'ended', end };
      }
      case ckd.READ_SECTOR:
        return senseReply(Uint8Array.of(this.mechanism.sector), this.mechanism.perByte);
      default:
        return null;
    }
  }

  private takeSeek(command: number, bytes: Uint8Array): End {
    const address = new Uint8Array(6);
    address.set(bytes);
    const view = new DataView(address.buffer);
    const cylinder = command === ckd.SEEK_HEAD ? this.mechanism.cylinder : view.getUint16(2);
    const head = view.getUint16(4);
    const { cylinders, heads } = this.image.geometry;
    if (bytes.length < 6 || view.getUint16(0) !== 0 || cylinder >= cylinders || head >= heads)
      return this.wrong(COMMAND_REJECT);
    return this.moveTo(cylinder, head);
  }

  /** Moves the arm; the channel is done at once, the arm later. */
  private moveTo(cylinder: number, head: number): End {
    const milliseconds = this.mechanism.moveTo(cylinder, head);
    if (milliseconds === 0) return { status: DONE };
    const cycles = this.mechanism.line!.cycles(milliseconds * 1000);
    return { status: CHANNEL_END, later: { cycles, status: DEVICE_END } };
  }

  private takeMask(mask: number): End {
    // Bits 2, 6 and 7 concern retry and diagnosis; bit 5 write-inhibits nothing here.
    this.mechanism.mask = mask;
    this.maskSet = true;
    return { status: DONE };
  }

  private takeSector(sector: number): End {
    if (sector === 0xff) return { status: DONE };
    if (sector >= this.image.geometry.sectors) return this.wrong(COMMAND_REJECT);
    const cycles = this.mechanism.untilSector(sector);
    // Not reconnected in time: the sector comes again one revolution later.
    return {
      status: CHANNEL_END,
      later: { cycles, status: DEVICE_END },
      retry: this.mechanism.rotationCycles,
    };
  }

  // ---------------------------------------------------------------- search

  private search(command: number): Reply | null {
    const multitrack = isMultitrack(command);
    const plain = plainOf(command);
    if (plain === ckd.SEARCH_HOME_ADDRESS) {
      const wait = this.mechanism.until(HOME_ADDRESS_PLACE);
      const failure = multitrack
        ? this.mechanism.nextHead()
        : ++this.mechanism.indexes > 2
          ? ckd.NO_RECORD_FOUND
          : 0;
      return failure === 0 ? this.output(4, wait) : this.fail({ wait, sense: failure });
    }
    if (!ckd.isSearch(command)) return null;
    if ((plain & 0x1f) === 0x09) return this.searchKey(multitrack);
    const found = this.mechanism.nextCount(multitrack, () => true);
    if ('sense' in found) return this.fail(found);
    this.mechanism.arrive(found.record, 'count');
    return this.output(5, found.wait);
  }

  /** The key of the record whose count area was just passed, else of the next record that has one. */
  private searchKey(multitrack: boolean): Reply {
    const { mechanism } = this;
    const here = mechanism.orientation;
    if (here?.area === 'count' && hasKey(mechanism.track[here.record]!)) {
      const place = mechanism.place(here.record);
      mechanism.arrive(here.record, 'key');
      return this.output(mechanism.track[here.record]!.key.length, mechanism.until(place.key));
    }
    const found = mechanism.nextCount(multitrack, hasKey);
    if ('sense' in found) return this.fail(found);
    mechanism.arrive(found.record, 'key');
    const place = mechanism.place(found.record);
    const wait = found.wait + (place.key - place.count) * mechanism.perByte;
    return this.output(mechanism.track[found.record]!.key.length, wait);
  }

  private takeSearch(command: number, bytes: Uint8Array): End {
    const { record, area } = this.mechanism.orientation!;
    const found = this.mechanism.track[record]!;
    if (!ckd.satisfies(command, area === 'key' ? found.key : countArea(found), bytes))
      return { status: DONE };
    this.mechanism.indexes = 0;
    if ((command & 0x60) === 0x20) this.prelude = area === 'key' ? 'key' : 'identifier';
    return { status: DONE | STATUS_MODIFIER };
  }

  private takeHomeSearch(bytes: Uint8Array): End {
    const here = countArea(recordZero(this.mechanism.cylinder, this.mechanism.head)).subarray(0, 4);
    this.mechanism.orientation = null;
    if (!ckd.satisfies(ckd.SEARCH_HOME_ADDRESS, here, bytes)) return { status: DONE };
    this.mechanism.indexes = 0;
    this.prelude = 'home-address';
    return { status: DONE | STATUS_MODIFIER };
  }

  // ---------------------------------------------------------------- read and write

  private read(command: number): Reply | null {
    const passage = passageFor(this.mechanism, command);
    if (!passage) return null;
    if ('sense' in passage) return this.fail(passage);
    return this.input(passage.data, passage.wait, passage.endOfFile ? DONE | UNIT_EXCEPTION : DONE);
  }

  private write(command: number, before: Prelude): Reply {
    const { mechanism } = this;
    if (!mayWrite(command, before, mechanism.mask)) return this.reject();
    mechanism.indexes = 0;
    if (command === ckd.WRITE_HOME_ADDRESS)
      return this.output(HOME_ADDRESS_BYTES, mechanism.until(HOME_ADDRESS_PLACE));
    if (command === ckd.WRITE_R0) return this.outputRecord(mechanism.until(mechanism.place(0).count));
    const index = mechanism.orientation!.record;
    const record = mechanism.track[index]!;
    const place = mechanism.place(index);
    if (command === ckd.WRITE_DATA) return this.output(record.data.length, mechanism.until(place.data), true);
    if (command === ckd.WRITE_KEY_DATA) {
      const first = record.key.length > 0 ? place.key : place.data;
      return this.output(record.key.length + record.data.length, mechanism.until(first), true);
    }
    return this.outputRecord(mechanism.until(place.end));
  }

  /** A whole record is to come; its count area tells how long it is. */
  private outputRecord(wait: number): Reply {
    return {
      kind: 'output',
      capacity: 8,
      header: 8,
      wait,
      perByte: this.mechanism.perByte,
      exact: true,
      runsOn: true,
    };
  }

  lengthAfter(_command: number, header: Uint8Array): number {
    return grownLength(this.image.geometry, header);
  }

  private takeWrite(command: number, bytes: Uint8Array): End {
    const { mechanism } = this;
    const { cylinder, head } = mechanism;
    if (command === ckd.WRITE_HOME_ADDRESS) {
      mechanism.orientation = null;
      const here = countArea(recordZero(cylinder, head)).subarray(0, 4);
      if (here.some((byte, i) => bytes[i + 1] !== byte)) return this.wrong(COMMAND_REJECT);
      this.prelude = 'home-address';
      return { status: DONE };
    }
    const at = mechanism.orientation?.record ?? 0;
    const track = rewritten(this.image.geometry, mechanism.track, command, at, bytes);
    if (!track) return this.wrong(0, ckd.INVALID_TRACK_FORMAT);
    const wasEndOfFile = command === ckd.WRITE_DATA && mechanism.track[at]!.data.length === 0;
    this.image.tracks.set(cylinder * this.image.geometry.heads + head, track);
    if (command === ckd.WRITE_R0) mechanism.arrive(0, 'data');
    else mechanism.arrive(command === ckd.WRITE_COUNT_KEY_DATA ? at + 1 : at, 'data');
    if (command === ckd.WRITE_R0 || command === ckd.WRITE_COUNT_KEY_DATA) this.prelude = 'format';
    return { status: wasEndOfFile ? DONE | UNIT_EXCEPTION : DONE };
  }

  // ---------------------------------------------------------------- the rest of the contract

  halt(): End {
    return { status: DONE };
  }

  reset(): void {
    this.mechanism.begin();
    this.maskSet = false;
    this.prelude = 'none';
    this.sense = new Uint8Array(ckd.SENSE_BYTES);
  }

  save(): CkdState {
    const { cylinder, head, mask, orientation, indexes, sector } = this.mechanism;
    return {
      version: 1,
      model: this.model,
      // Tracks are never changed in place: the copy of the map is enough.
      tracks: new Map(this.image.tracks),
      mechanism: { cylinder, head, mask, orientation, indexes, sector },
      maskSet: this.maskSet,
      prelude: this.prelude,
      sense: this.sense.slice(),
    };
  }

  restore(state: DeviceState): void {
    const saved = stateOf<CkdState>(state, this.model);
    this.image.tracks.clear();
    for (const [number, track] of saved.tracks) this.image.tracks.set(number, track);
    Object.assign(this.mechanism, saved.mechanism);
    this.maskSet = saved.maskSet;
    this.prelude = saved.prelude;
    this.sense = saved.sense.slice();
  }
}
