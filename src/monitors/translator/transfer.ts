/**
 * Moves the guest between the real processor and the virtual one, and keeps the part of the virtual state that
 * translated code reads in the monitor's memory.
 */
import type { Cpu } from '../../machines/pc/cpu.ts';
import {
  FLAG_AF,
  FLAG_CF,
  FLAG_IF,
  FLAG_IOPL,
  FLAG_OF,
  FLAG_PF,
  FLAG_RF,
  FLAG_SF,
  FLAG_TF,
  FLAG_VM,
  FLAG_ZF,
  STATUS_FLAGS,
} from '../../machines/pc/eflags.ts';
import { getFlags, setFlags } from '../../machines/pc/flags.ts';
import { loadPhysical } from '../../machines/pc/physical.ts';
import {
  CR0_AM,
  CR0_EM,
  CR0_ET,
  CR0_MP,
  CR0_NE,
  CR0_PE,
  CR0_PG,
  CR0_TS,
  CR0_WP,
  CR4_OSFXSR,
  CR4_PAE,
  CR4_PSE,
  CR4_TSD,
  CS,
  DS,
  EAX,
  ECX,
  EDI,
  EFLAGS,
  ES,
  FAULT,
  FS,
  GS,
  SS,
  type SegmentNumber,
} from '../../machines/pc/registers.ts';
import { readDescriptor, setFromDescriptor, setSegment } from '../../machines/pc/segments.ts';
import type { SegmentContents, SystemPc } from '../../machines/pc/system.ts';
import { INTERPRETING } from './cache.ts';
import { truncated, type ShadowDescriptors } from './descriptors.ts';
import { IN_EAX, IN_ECX, IN_FLAGS } from './emitter.ts';
import {
  CACHE,
  CODE_ACCESS,
  CODE_SELECTOR,
  CONTROL,
  DATA_ACCESS,
  DATA_SELECTOR,
  FLAGS,
  linear,
  LOADED,
  PAGE,
  PENDING,
  RESERVED,
  SAVED_EAX,
  SAVED_ECX,
  SAVED_FLAGS,
} from './layout.ts';
import type { Exported } from './state.ts';

const LEVEL = 3;
/** No selector: what the register holds is to be loaded anew. */
const UNKNOWN = -1;
const KERNEL_LEVEL = 1;
const FLAT = 0xffffffff;
/** Flags that are the virtual processor's alone. */
export const VIRTUAL = FLAG_IF | FLAG_IOPL | FLAG_VM;
const ALL_FLAGS = -1;
const DATA_SEGMENTS = [ES, DS, FS] as const;
const GUEST_CR0 = CR0_MP | CR0_EM | CR0_TS | CR0_NE | CR0_AM;

/** What the guest has changed since shadows followed. */
export interface Changed {
  /** How page tables are read, and which page is the APIC's. */
  readonly reading: boolean;
  /** Which page tables. */
  readonly space: boolean;
  /** What translations of code depend on. */
  readonly context: boolean;
}

export class Transfer {
  exported: Exported = {
    cr0: 0,
    cr4: 0,
    gdt: [-1, -1],
    ldt: [-1, -1, -1],
    context: [],
    control: [0, 0, 0, 0, 0, 0, 0],
    segments: new Array<number>(24).fill(UNKNOWN),
    reading: [],
    space: [],
  };
  private readonly system: SystemPc;
  private readonly guest: Cpu;
  private readonly descriptors: ShadowDescriptors;

  constructor(system: SystemPc, guest: Cpu, descriptors: ShadowDescriptors) {
    this.system = system;
    this.guest = guest;
    this.descriptors = descriptors;
  }

  private get home(): number {
    return this.system.memorySize - RESERVED;
  }
  private get(offset: number): number {
    return this.system.loadPhysical(this.home + offset);
  }
  private put(offset: number, value: number): void {
    this.system.storePhysical(this.home + offset, value);
  }

  start(): void {
    this.exported.reading = this.reading();
    this.exported.space = this.space();
  }

  isFault(thrown: unknown): boolean {
    return thrown === FAULT;
  }

  // ---------------------------------------------------------------- from the real processor

  private importRegisters(): void {
    const { guest, system } = this;
    for (let r = EAX; r <= EDI; r++) guest.words[r] = system.registers[r]!;
  }

  private importFlags(own: number): void {
    setFlags(this.guest, ALL_FLAGS, (this.system.flags & ~(VIRTUAL | FLAG_RF)) | own);
  }

  /** Segments that a program has loaded itself. */
  private importSegment(segment: SegmentNumber, selector: number): void {
    const { guest } = this;
    this.exported.segments[4 * segment] = UNKNOWN;
    if ((selector & 0xfffc) === 0) setSegment(guest, segment, selector, 0, 0, 0);
    else setFromDescriptor(guest, segment, selector, readDescriptor(guest, selector));
  }

  importDirect(): void {
    const { guest, system } = this;
    this.importRegisters();
    guest.eip = system.eip;
    this.importFlags(guest.words[EFLAGS]! & VIRTUAL);
    for (const segment of [ES, SS, DS, FS, GS, CS] as const)
      if (system.selector(segment) !== guest.selectors[segment])
        this.importSegment(segment, system.selector(segment));
    guest.blocks.clear();
  }

  /** Translated code stands for the guest at `eip`; registers of `saved` are in the state. */
  importAt(eip: number, saved = 0): void {
    const { guest } = this;
    this.importRegisters();
    if ((saved & IN_EAX) !== 0) guest.words[EAX] = this.get(SAVED_EAX);
    if ((saved & IN_ECX) !== 0) guest.words[ECX] = this.get(SAVED_ECX);
    guest.eip = eip;
    this.importFlags(this.get(FLAGS));
    if ((saved & IN_FLAGS) !== 0) setFlags(guest, STATUS_FLAGS, unpacked(this.get(SAVED_FLAGS)));
    for (const segment of DATA_SEGMENTS) {
      const loaded = this.get(LOADED + 4 * segment);
      if (loaded === 0) continue;
      this.put(LOADED + 4 * segment, 0);
      this.importSegment(segment, loaded & 0xffff);
    }
  }

  /** The prologue or the empty hash has called out: the guest goes on at the address in EAX. */
  importMissed(): void {
    this.importAt(this.system.registers[EAX]!, IN_EAX | IN_ECX);
  }

  /** A software interrupt or INT1 of a program: back to the instruction. */
  stepBack(vector: number): void {
    const { guest } = this;
    const at = (k: number): number => {
      try {
        return guest.system8((guest.bases[CS]! + guest.eip - k) | 0);
      } catch (fault) {
        if (fault !== FAULT) throw fault;
        return -1;
      }
    };
    guest.eip -= at(2) === 0xcd && at(1) === vector ? 2 : 1;
  }

  /** Where the last x87 instruction stood, if that was translated code; `eipAt` tells of an offset of the cache. */
  fixPointers(eipAt: (at: number) => number): void {
    const { x87, selectors } = this.guest;
    const { pointers } = x87;
    if (pointers.codeSelector !== CODE_SELECTOR) return;
    const { dataSelector } = pointers;
    x87.pointers = {
      ...pointers,
      codeSelector: selectors[CS]!,
      instruction: eipAt(pointers.instruction - linear(CACHE)),
      dataSelector:
        dataSelector === ((selectors[SS]! & ~LEVEL) | KERNEL_LEVEL) ? selectors[SS]! : dataSelector,
    };
  }

  // ---------------------------------------------------------------- to the real processor

  private exportCommon(): void {
    const { guest, system, exported } = this;
    for (let r = EAX; r <= EDI; r++) system.registers[r] = guest.words[r]!;
    system.flags = (getFlags(guest) & ~(VIRTUAL | FLAG_TF | FLAG_RF)) | FLAG_IF;
    const cr0 = (guest.cr0 & GUEST_CR0) | CR0_PE | CR0_ET | CR0_PG | CR0_WP;
    if (cr0 !== exported.cr0) system.loadCr0((exported.cr0 = cr0));
    const cr4 = guest.cr4 & (CR4_TSD | CR4_OSFXSR);
    if (cr4 !== exported.cr4) system.loadCr4((exported.cr4 = cr4));
  }

  private exportSegment(segment: SegmentNumber, selector: number): void {
    const { bases, limits, access } = this.guest;
    const is = truncated({
      selector,
      base: bases[segment]!,
      limit: limits[segment]!,
      access: access[segment]!,
    });
    this.load(segment, is);
  }

  /** Loads a segment register of the real processor, unless it holds that already. */
  private load(segment: SegmentNumber, contents: SegmentContents): void {
    const { segments } = this.exported;
    const { selector, base, limit, access } = contents;
    const at = 4 * segment;
    if (
      segments[at] === selector &&
      segments[at + 1] === base &&
      segments[at + 2] === limit &&
      segments[at + 3] === access
    )
      return;
    segments.splice(at, 4, selector, base, limit, access);
    this.system.loadSegment(segment, contents);
  }

  exportDirect(): void {
    const { guest, system } = this;
    this.exportCommon();
    system.eip = guest.eip;
    for (const segment of [CS, SS, DS, ES, FS, GS] as const)
      this.exportSegment(segment, guest.selectors[segment]!);
  }

  /** At a place in the cache. */
  exportTranslated(place: number): void {
    const { guest, system } = this;
    this.exportCommon();
    system.eip = place;
    this.monitorSegments();
    this.exportSegment(SS, (guest.selectors[SS]! & ~LEVEL) | KERNEL_LEVEL);
    for (const segment of DATA_SEGMENTS) this.exportSegment(segment, guest.selectors[segment]!);
    this.put(FLAGS, guest.words[EFLAGS]! & (FLAG_IF | FLAG_IOPL));
    this.put(PENDING, system.interruptPending ? 1 : 0);
    this.exportControl(0, guest.cr0);
    this.exportControl(1, guest.cr2);
    this.exportControl(2, guest.cr3);
    this.exportControl(3, guest.cr4);
    this.exportControl(5, guest.ldt.selector);
    this.exportControl(6, guest.task.selector);
  }

  private exportControl(index: number, value: number): void {
    const { control } = this.exported;
    if (control[index] === value) return;
    control[index] = value;
    this.put(CONTROL + 4 * index, value);
  }

  private monitorSegments(): void {
    this.load(CS, { selector: CODE_SELECTOR, base: 0, limit: FLAT, access: CODE_ACCESS });
    this.load(GS, { selector: DATA_SELECTOR, base: 0, limit: FLAT, access: DATA_ACCESS });
  }

  /** The guest stays in the virtual processor; the real one comes back at once. */
  exportInterpreted(): void {
    const { system } = this;
    this.exportCommon();
    this.monitorSegments();
    system.eip = linear(CACHE + INTERPRETING);
  }

  // ---------------------------------------------------------------- the virtual interrupt flag

  /** While translated code runs. */
  interruptsOn(): boolean {
    return (this.system.peekPhysical(this.home + FLAGS) & FLAG_IF) !== 0;
  }
  /** While the monitor runs. */
  guestInterruptsOn(): boolean {
    return (this.guest.words[EFLAGS]! & FLAG_IF) !== 0;
  }
  clearPending(): void {
    this.put(PENDING, 0);
  }

  // ---------------------------------------------------------------- what shadows must follow

  private reading(): readonly number[] {
    const { cr0, cr4, apic } = this.guest;
    return [cr0 & (CR0_PG | CR0_WP), cr4 & (CR4_PAE | CR4_PSE), apic?.apicBase ?? 0];
  }
  private space(): readonly number[] {
    const { cr3, pagePointers } = this.guest;
    return [cr3, ...pagePointers];
  }

  follow(): Changed {
    const { guest, exported, descriptors } = this;
    if (guest.gdtBase !== exported.gdt[0] || guest.gdtLimit !== exported.gdt[1]) {
      exported.gdt = [guest.gdtBase, guest.gdtLimit];
      descriptors.loadGlobal();
    }
    const { selector, base, limit } = guest.ldt;
    if (selector !== exported.ldt[0] || base !== exported.ldt[1] || limit !== exported.ldt[2]) {
      exported.ldt = [selector, base, limit];
      descriptors.loadLocal();
    }
    const reading = this.reading();
    const space = this.space();
    const changed = {
      reading: !same(reading, exported.reading),
      space: guest.paging && !same(space, exported.space),
      context: false,
    };
    [exported.reading, exported.space] = [reading, space];
    if (guest.cpl !== 0 || !guest.protectedMode) return changed;
    const iopl = guest.words[EFLAGS]! & FLAG_IOPL;
    const context = [guest.selectors[CS]!, guest.bases[CS]!, guest.limits[CS]!, iopl, guest.gdtBase];
    const other = !same(context, exported.context);
    exported.context = context;
    return { ...changed, context: other };
  }

  /** Frame that a page of the guest's code lies in, or −1; looks without setting bits. */
  frameOf(a: number): number {
    const { guest } = this;
    if (!guest.paging) return a & guest.a20Mask;
    return peekFrame(guest, a, PRESENT, PRESENT);
  }

  /** The same for a page that the guest's kernel may store into, and has; −1 for others. */
  storedFrameOf(a: number): number {
    const { guest } = this;
    return guest.paging ? peekFrame(guest, a, USED, STORED) : a & -PAGE & guest.a20Mask;
  }
}

function same(one: readonly number[], other: readonly number[]): boolean {
  for (let k = 0; k < one.length; k++) if (one[k] !== other[k]) return false;
  return true;
}

/** Status flags from what LAHF and SETO AL leave in EAX. */
export function unpacked(eax: number): number {
  const ah = (eax >>> 8) & (FLAG_SF | FLAG_ZF | FLAG_AF | FLAG_PF | FLAG_CF);
  return ah | ((eax & 0xff) !== 0 ? FLAG_OF : 0);
}

const PRESENT = 1;
const LARGE = 0x80;
/** Present, writable and accessed; dirty, too. */
const USED = 0x23;
const STORED = 0x63;

/** Frame of a page whose entries have these bits, or −1. */
function peekFrame(guest: Cpu, a: number, table: number, page: number): number {
  const pae = (guest.cr4 & CR4_PAE) !== 0;
  const entry = (at: number): number => loadPhysical(guest, at & guest.a20Mask, 4);
  const directory = pae ? guest.pagePointers[a >>> 30]! : guest.cr3 | PRESENT;
  if ((directory & PRESENT) === 0) return -1;
  const upper = entry((directory & -PAGE) + (pae ? ((a >>> 21) & 0x1ff) * 8 : (a >>> 22) * 4));
  if ((upper & table) !== table) return -1;
  if ((upper & LARGE) !== 0 && (pae || (guest.cr4 & CR4_PSE) !== 0)) {
    if ((upper & page) !== page) return -1;
    const within = pae ? 0x1ff000 : 0x3ff000;
    return ((upper & (pae ? 0xffe00000 : 0xffc00000)) | (a & within)) & guest.a20Mask;
  }
  const lower = entry((upper & -PAGE) + (pae ? ((a >>> 12) & 0x1ff) * 8 : ((a >>> 12) & 0x3ff) * 4));
  return (lower & page) !== page ? -1 : lower & -PAGE & guest.a20Mask;
}
