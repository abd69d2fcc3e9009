/**
 * Grants: a domain writes down which of its frames another may reach, and that one asks for a mapping. What was taken
 * is held until it is given back, whatever becomes of the entry and of the domain that granted. Interface: grant_table.h.
 */
import type { Domain } from './domain.ts';
import { TABLE } from './frames.ts';
import type { Xen } from './hypervisor.ts';
import { DOMID_SELF, HYPERVISOR_START } from './interface.ts';
import { ACCESSED, DIRTY, PAGE, PRESENT, WRITE } from './layout.ts';
import { PAGING, PER_ENTRY, PER_UPDATE } from './paths.ts';

/** A page of one domain that another has mapped. */
export interface GrantMapping {
  readonly handle: number;
  readonly mapper: number;
  readonly granter: number;
  readonly ref: number;
  readonly frame: number;
  readonly writable: boolean;
  /** Machine address of the page-table entry that leads there; −1: for the mapper's devices alone. */
  readonly entryAt: number;
  /** What the mapper called the place: a linear address, or that of the entry. */
  readonly place: number;
}

// GNTST_*.
export const OKAY = 0;
export const GENERAL_ERROR = -1;
export const BAD_DOMAIN = -2;
export const BAD_REFERENCE = -3;
export const BAD_HANDLE = -4;
export const BAD_ADDRESS = -5;
export const NO_SPACE = -7;
export const BAD_COPY = -10;

/** GNTMAP_*: for whom, and with which rights. */
export const HOST_MAP = 2;
const READ_ONLY = 4;
const CONTAINS_ENTRY = 16;

// Flags of an entry: GTF_*.
const TYPE = 3;
const PERMIT_ACCESS = 1;
const ENTRY_READ_ONLY = 4;
const READING = 8;
const WRITING = 16;
const ENTRY_BYTES = 8;
const ENTRIES_IN_FRAME = PAGE / ENTRY_BYTES;
/** Mappings that one domain may have at a time. */
const MOST_MAPPINGS = 1024;

export interface MapRequest {
  readonly place: number;
  readonly flags: number;
  readonly ref: number;
  readonly granter: number;
}

/** One end of a copy: part of a frame, the domain's own one or one that a domain lends by a reference. */
export interface CopyEnd {
  readonly domain: number;
  readonly lent: boolean;
  /** The reference, or the frame. */
  readonly number: number;
  readonly offset: number;
}

const hex = (value: number): string => (value >>> 0).toString(16);

export class Grants {
  private readonly xen: Xen;

  constructor(xen: Xen) {
    this.xen = xen;
  }

  private get mappings(): GrantMapping[] {
    return this.xen.state.mappings;
  }

  /** Physical address of an entry of a domain's table, or −1. */
  private entryOf(granter: Domain, ref: number): number {
    const frame = granter.grantFrames[Math.floor(ref / ENTRIES_IN_FRAME)];
    return frame === undefined ? -1 : frame * PAGE + ENTRY_BYTES * (ref % ENTRIES_IN_FRAME);
  }

  /**
   * The frame that `ref` of `granter` lends to `domain`, with a reference to it and a use if it is to be written;
   * a negative status says why not.
   */
  acquire(domain: Domain, granterId: number, ref: number, writable: boolean): number {
    const { xen } = this;
    const no = (status: number, why: string): number => {
      xen.refuse('grant', `domain ${domain.id}, reference ${ref} of domain ${granterId}: ${why}`);
      return status;
    };
    const granter = xen.domain(granterId);
    if (!granter) return no(BAD_DOMAIN, 'there is no such domain');
    const at = this.entryOf(granter, ref);
    if (at < 0) return no(BAD_REFERENCE, 'its table has no such entry');
    xen.system.work(PAGING, PER_ENTRY);
    const word = xen.system.loadPhysical(at);
    if ((word & TYPE) !== PERMIT_ACCESS) return no(BAD_REFERENCE, 'nothing is granted there');
    if (word >>> 16 !== domain.id) return no(GENERAL_ERROR, `that is granted to domain ${word >>> 16}`);
    if (writable && (word & ENTRY_READ_ONLY) !== 0)
      return no(GENERAL_ERROR, 'that is granted for reading only');
    const frame = xen.system.loadPhysical(at + 4);
    if (!xen.frames.get(granterId, frame)) return GENERAL_ERROR;
    if (writable && !xen.frames.getWritable(frame)) {
      xen.frames.put(frame);
      return GENERAL_ERROR;
    }
    return frame;
  }

  /** Gives back what `acquire` took. */
  release(frame: number, writable: boolean): void {
    if (writable) this.xen.frames.putWritable(frame);
    this.xen.frames.put(frame);
  }

  /** The entry says while it is in use: its domain may not take it back. */
  private markEntry(granterId: number, ref: number): void {
    const { xen } = this;
    const granter = xen.domain(granterId);
    const at = granter ? this.entryOf(granter, ref) : -1;
    if (at < 0) return;
    const uses = this.mappings.filter((m) => m.granter === granterId && m.ref === ref);
    const flags = (uses.length > 0 ? READING : 0) | (uses.some(({ writable }) => writable) ? WRITING : 0);
    xen.system.storePhysical(at, (xen.system.loadPhysical(at) & ~(READING | WRITING)) | flags);
  }

  /** GNTTABOP_map_grant_ref: the mapping, or a status. */
  map(domain: Domain, { place, flags, ref, granter }: MapRequest): GrantMapping | number {
    const { xen } = this;
    if (this.mappings.filter(({ mapper }) => mapper === domain.id).length >= MOST_MAPPINGS) return NO_SPACE;
    const writable = (flags & READ_ONLY) === 0;
    const entryAt = (flags & HOST_MAP) === 0 ? -1 : this.placeOf(domain, place, flags);
    if ((flags & HOST_MAP) !== 0 && entryAt < 0) return BAD_ADDRESS;
    const frame = this.acquire(domain, granter, ref, writable);
    if (frame < 0) return frame;
    const handle = xen.state.nextHandle++;
    const mapping = { handle, mapper: domain.id, granter, ref, frame, writable, entryAt, place };
    if (entryAt >= 0)
      this.writeEntry(entryAt, (frame * PAGE) | PRESENT | ACCESSED | (writable ? WRITE | DIRTY : 0));
    if (entryAt >= 0) xen.frames.state.granted[entryAt >>> 12]!++;
    this.mappings.push(mapping);
    this.markEntry(granter, ref);
    this.forget(mapping, flags);
    return mapping;
  }

  /** Machine address of the entry that the mapper names, in a page table of its own; or −1. */
  private placeOf(domain: Domain, place: number, flags: number): number {
    const { xen } = this;
    const { state } = xen.frames;
    const at = (flags & CONTAINS_ENTRY) !== 0 ? place & ~3 : xen.tables.entryAddress(domain.cr3, place);
    const table = at >>> 12;
    if (
      at !== -1 &&
      xen.frames.owns(domain.id, table) &&
      state.type[table] === TABLE &&
      state.uses[table]! > 0
    )
      return at >>> 0;
    xen.refuse('grant', `domain ${domain.id}: ${hex(place)} is no place in its page tables`);
    return -1;
  }

  private writeEntry(at: number, entry: number): void {
    const { system, tables } = this.xen;
    system.work(PAGING, PER_UPDATE);
    const old = system.loadPhysical(at);
    system.storePhysical(at, entry);
    tables.dropPage(at, old);
  }

  /** No translation of the place is left. */
  private forget({ entryAt, place }: GrantMapping, flags: number): void {
    if (entryAt < 0) return;
    if ((flags & CONTAINS_ENTRY) === 0 && place >>> 0 < HYPERVISOR_START)
      this.xen.system.invalidatePage(place);
    else this.xen.frames.flush();
  }

  /** GNTTABOP_unmap_grant_ref: its status. */
  unmap(domain: Domain, place: number, handle: number): number {
    const mapping = this.mappings.find((m) => m.handle === handle && m.mapper === domain.id);
    if (!mapping) {
      this.xen.refuse('grant', `domain ${domain.id} has no mapping with the handle ${handle}`);
      return BAD_HANDLE;
    }
    if (mapping.entryAt >= 0 && mapping.place !== place) return BAD_ADDRESS;
    this.end(mapping);
    return OKAY;
  }

  /** The entry becomes empty, what it led to goes back, and so does what its translation remembered. */
  private end(mapping: GrantMapping): void {
    const { system, frames } = this.xen;
    if (mapping.entryAt < 0) {
      this.drop(mapping);
      return;
    }
    system.work(PAGING, PER_UPDATE);
    system.storePhysical(mapping.entryAt, 0);
    this.drop(mapping);
    if (mapping.place >>> 0 < HYPERVISOR_START) system.invalidatePage(mapping.place);
    else frames.flush();
  }

  private drop(mapping: GrantMapping): void {
    const { xen } = this;
    this.mappings.splice(this.mappings.indexOf(mapping), 1);
    if (mapping.entryAt >= 0) xen.frames.state.granted[mapping.entryAt >>> 12]!--;
    this.release(mapping.frame, mapping.writable);
    this.markEntry(mapping.granter, mapping.ref);
  }

  /** GNTTABOP_copy: `length` bytes from one frame to another without a mapping of either; its status. */
  copy(domain: Domain, source: CopyEnd, target: CopyEnd, length: number): number {
    const { system } = this.xen;
    if (source.offset + length > PAGE || target.offset + length > PAGE) {
      this.xen.refuse('grant', `domain ${domain.id} copies ${length} bytes beyond the end of a page`);
      return BAD_COPY;
    }
    const from = this.reach(domain, source, false);
    if (from < 0) return from;
    const to = this.reach(domain, target, true);
    if (to >= 0) {
      const bytes = system.readPhysical(from * PAGE + source.offset, length);
      system.writePhysical(to * PAGE + target.offset, bytes);
      this.release(to, true);
    }
    this.release(from, false);
    return to < 0 ? to : OKAY;
  }

  /** The frame at one end of a copy, held as `acquire` does, or a status. */
  private reach(domain: Domain, { domain: id, lent, number }: CopyEnd, writable: boolean): number {
    const { frames } = this.xen;
    if (lent) return this.acquire(domain, id === DOMID_SELF ? domain.id : id, number, writable);
    if (id !== DOMID_SELF && id !== domain.id) {
      this.xen.refuse(
        'foreign-domain',
        `domain ${domain.id} copies a frame of domain ${id} that is not lent`,
      );
      return BAD_DOMAIN;
    }
    if (!frames.get(domain.id, number)) return GENERAL_ERROR;
    if (!writable || frames.getWritable(number)) return number;
    frames.put(number);
    return GENERAL_ERROR;
  }

  /**
   * A page-table entry is overwritten, or its table goes: the mapping ends with it. Whether it was one.
   * Xen itself crashes a domain that does that; so does nobody here, and the books are right all the same.
   */
  dropEntry(entryAt: number): boolean {
    const mapping = this.mappings.find((m) => m.entryAt === entryAt);
    if (mapping) this.drop(mapping);
    return mapping !== undefined;
  }

  /** A domain ends: whatever it has mapped of others goes back. */
  leave(id: number): void {
    for (const mapping of this.mappings.filter(({ mapper }) => mapper === id)) this.end(mapping);
  }
}
