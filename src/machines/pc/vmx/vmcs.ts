/**
 * The virtual-machine control structure as this processor keeps it: a region of 4 K of memory, which software may touch
 * by VMREAD and VMWRITE only. SDM vol. 3C, sections 24.1 and 24.2. Nothing is cached: what the region holds is the state.
 */
import type { Cpu } from '../cpu.ts';
import { loadPhysical, storePhysical } from '../physical.ts';
import { FIELDS, STEADY_FIELDS, widthOf, type FieldName } from './fields.ts';

/** Words of the region before the fields. */
const ABORT = 4;
const LAUNCH_STATE = 8;
const FIRST = 16;
const FIELD_BYTES = 8;

/** Why a VM exit could not be completed: the processor shuts down. SDM vol. 3C, section 27.7. */
export const ABORT_HOST_PDPTE = 2;
/** The structure was written to as memory since the entry that checked it. */
export const ABORT_CORRUPTED = 3;
export const ABORT_MSR_LOAD = 4;

interface Place {
  readonly at: number;
  readonly mask: number;
}
const PLACES: ReadonlyMap<FieldName, Place> = new Map(
  FIELDS.map(({ name, index, encoding }) => [
    name,
    { at: FIRST + FIELD_BYTES * index, mask: widthOf(encoding) === 16 ? 0xffff : -1 },
  ]),
);
const placeOf = (name: FieldName): Place => PLACES.get(name)!;

/** One structure, at a physical address. */
export class Vmcs {
  readonly at: number;
  private readonly cpu: Cpu;

  constructor(cpu: Cpu, at: number) {
    this.cpu = cpu;
    this.at = at;
  }

  /** 16-bit fields unsigned, all others as signed words; of a 64-bit field its low half. */
  get(name: FieldName): number {
    return loadPhysical(this.cpu, this.at + placeOf(name).at, 4);
  }
  set(name: FieldName, value: number): void {
    const { at, mask } = placeOf(name);
    storePhysical(this.cpu, this.at + at, 4, value & mask);
  }
  /** High half of a 64-bit field. */
  high(name: FieldName): number {
    return loadPhysical(this.cpu, this.at + placeOf(name).at + 4, 4);
  }
  setHigh(name: FieldName, value: number): void {
    storePhysical(this.cpu, this.at + placeOf(name).at + 4, 4, value);
  }

  /** The fields that seldom change, as words; a view, or nothing where there is no memory. */
  steady(): Int32Array {
    const { bytes, memory } = this.cpu;
    const within = this.at >>> 0 < memory.size;
    return new Int32Array(bytes.buffer, within ? this.at + FIRST : 0, within ? 2 * STEADY_FIELDS : 0);
  }

  get revision(): number {
    return loadPhysical(this.cpu, this.at, 4);
  }
  get launched(): boolean {
    return loadPhysical(this.cpu, this.at + LAUNCH_STATE, 4) !== 0;
  }
  set launched(value: boolean) {
    storePhysical(this.cpu, this.at + LAUNCH_STATE, 4, value ? 1 : 0);
  }
  /** The VMX-abort indicator. */
  set abort(code: number) {
    storePhysical(this.cpu, this.at + ABORT, 4, code);
  }
}
