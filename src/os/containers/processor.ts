/**
 * The processor as the kernel uses it: segment descriptors, the interrupt controller and the timer, the registers of
 * whoever runs. Selectors are Linux's on IA-32. arch/x86/include/asm/segment.h.
 */
import {
  CR0_PE,
  CR0_PG,
  CR0_WP,
  CR0_NE,
  CR0_MP,
  CS,
  DS,
  ES,
  FS,
  GS,
  SS,
} from '../../machines/pc/registers.ts';
import { FLAG_IF, FLAG_RESERVED } from '../../machines/pc/eflags.ts';
import type { SystemPc } from '../../machines/pc/system.ts';
import type { AddressSpace } from './memory/address-space.ts';
import { KERNEL_LINEAR, PRESENT, WRITABLE } from './memory/page-tables.ts';
import type { Registers, Thread } from './process/process.ts';

/** Physical memory below is the firmware's; then come the kernel's own frames. */
const KERNEL_TABLE = 0x100000;
const DESCRIPTORS = 0x101000;
const IDLE_DIRECTORY = 0x102000;
export const FIRST_FRAME = 0x103000;

const FIRST_TLS = 6;
export const TLS_ENTRIES = 3;
/** The bit of a selector that asks for the local table, which nobody has. */
const LOCAL_TABLE = 4;
const USER_CODE = 0x73;
const USER_DATA = 0x7b;
const SEGMENTS = [DS, ES, FS, GS] as const;
/** Flat segments of level 3. SDM vol. 3A, figure 3-8. */
const FLAT_CODE = [0xffff, 0x00cffb00] as const;
const FLAT_DATA = [0xffff, 0x00cff300] as const;

const TIMER_VECTOR = 0x20;
/** Ticks a second: the interval counter divides 1.193182 MHz. */
const TIMER_DIVISOR = 1193;

export class Processor {
  private readonly system: SystemPc;
  /** Whose float registers and descriptors are loaded. */
  private loaded: Thread | null = null;
  private space: AddressSpace | null = null;

  constructor(system: SystemPc) {
    this.system = system;
  }

  get kernelTable(): number {
    return KERNEL_TABLE;
  }

  /** Takes the machine from reset to protected mode with paging, the timer ticking. */
  start(): void {
    const { system } = this;
    system.writePhysical(KERNEL_TABLE, new Uint8Array(FIRST_FRAME - KERNEL_TABLE));
    system.storePhysical(KERNEL_TABLE, DESCRIPTORS | PRESENT | WRITABLE);
    system.storePhysical(IDLE_DIRECTORY + 4 * 1023, KERNEL_TABLE | PRESENT | WRITABLE);
    this.setDescriptor(USER_CODE >> 3, ...FLAT_CODE);
    this.setDescriptor(USER_DATA >> 3, ...FLAT_DATA);
    system.loadCr0(CR0_PE | CR0_MP | CR0_NE);
    system.loadCr3(IDLE_DIRECTORY);
    system.loadCr0(CR0_PE | CR0_PG | CR0_WP | CR0_NE | CR0_MP | 0);
    system.loadGdt(KERNEL_LINEAR, 8 * 32 - 1);
    for (const segment of [SS, ...SEGMENTS] as const) system.returnTo(segment, USER_DATA, 3);
    system.returnTo(CS, USER_CODE, 3);
    this.startTimer();
    system.flags = FLAG_RESERVED | FLAG_IF;
  }

  /** 8259: vectors from 20h, only the timer's line; 8254: counter 0 divides at a constant rate. */
  private startTimer(): void {
    const sequence = [
      ...[0x20, 0x11, 0xa0, 0x11, 0x21, TIMER_VECTOR, 0xa1, 0x28, 0x21, 4, 0xa1, 2, 0x21, 1, 0xa1, 1],
      ...[0x21, 0xfe, 0xa1, 0xff, 0x43, 0x34, 0x40, TIMER_DIVISOR & 0xff, 0x40, TIMER_DIVISOR >> 8],
    ];
    for (let i = 0; i < sequence.length; i += 2) this.system.output(sequence[i]!, sequence[i + 1]!);
  }

  /** Tells the interrupt controller that the timer's interrupt has been served. */
  endOfInterrupt(): void {
    this.system.output(0x20, 0x20);
  }

  private setDescriptor(index: number, lowWord: number, highWord: number): void {
    this.system.storePhysical(DESCRIPTORS + 8 * index, lowWord);
    this.system.storePhysical(DESCRIPTORS + 8 * index + 4, highWord);
  }

  /** Notes the registers of the thread that was interrupted. */
  save(registers: Registers): void {
    const { system } = this;
    registers.general.set(system.registers.subarray(0, 8));
    registers.eip = system.eip;
    registers.flags = system.flags;
    SEGMENTS.forEach((segment, i) => (registers.segments[i] = system.selector(segment)));
  }

  /** Makes a thread the one that goes on when the kernel is left. */
  restore(thread: Thread): void {
    const { system } = this;
    const { registers, process } = thread;
    this.enter(process.space);
    if (this.loaded !== thread) this.exchange(thread);
    system.registers.set(registers.general);
    system.eip = registers.eip;
    system.flags = registers.flags | FLAG_IF | FLAG_RESERVED;
    SEGMENTS.forEach((segment, i) => {
      if (system.selector(segment) !== registers.segments[i]) this.load(segment, thread, i);
    });
  }

  private load(segment: (typeof SEGMENTS)[number], { registers, tls }: Thread, i: number): void {
    const selector = registers.segments[i]!;
    // A selector whose descriptor is gone, or never was (a signal's frame may name any), is the null selector.
    const own = (selector >> 3) - FIRST_TLS;
    const inTable = (selector & LOCAL_TABLE) === 0 && own >= 0 && own < TLS_ENTRIES;
    const known = selector === USER_DATA || (inTable && tls[2 * own + 1] !== 0);
    this.system.returnTo(segment, known ? selector : 0, 3);
    registers.segments[i] = this.system.selector(segment);
  }

  private exchange(thread: Thread): void {
    const { system } = this;
    if (this.loaded && !this.loaded.ended) this.loaded.float = system.saveFloat();
    this.loadTls(thread);
    if (thread.float) system.loadFloat(thread.float);
    else system.saveFloat();
    thread.float = null;
    this.loaded = thread;
  }

  /** The float registers of a thread, as they are. */
  floatOf(thread: Thread): Thread['float'] {
    if (this.loaded !== thread) return thread.float;
    const state = this.system.saveFloat();
    this.system.loadFloat(state);
    return state;
  }
  setFloat(thread: Thread, state: Thread['float']): void {
    if (this.loaded !== thread) thread.float = state;
    else if (state) this.system.loadFloat(state);
    else this.system.saveFloat();
  }

  /** Brings a thread's own descriptors into the table, and reloads the registers that may name them. */
  loadTls(thread: Thread): void {
    for (let k = 0; k < TLS_ENTRIES; k++)
      this.setDescriptor(FIRST_TLS + k, thread.tls[2 * k]!, thread.tls[2 * k + 1]!);
    for (const segment of [FS, GS] as const) this.system.returnTo(segment, 0, 3);
  }

  enter(space: AddressSpace): void {
    if (this.space === space) return;
    this.space = space;
    this.system.loadCr3(space.tables.directory);
  }

  /** Stands on tables that are nobody's, so that a space can be given back. */
  leave(space: AddressSpace): void {
    if (this.space !== space) return;
    this.space = null;
    this.system.loadCr3(IDLE_DIRECTORY);
  }

  /** Forgets a thread that will never run again. */
  forget(thread: Thread): void {
    if (this.loaded === thread) this.loaded = null;
  }

  /** Waits for the next interrupt. */
  idle(): void {
    this.system.flags = FLAG_IF | FLAG_RESERVED;
    this.system.halt();
  }
}

/** Registers of a program that begins at `eip`. */
export const freshRegisters = (eip: number, esp: number): Registers => {
  const general = new Int32Array(8);
  general[4] = esp;
  return { general, eip, flags: FLAG_RESERVED | FLAG_IF, segments: [USER_DATA, USER_DATA, 0, 0] };
};

export const copyRegisters = (from: Registers): Registers => ({
  general: from.general.slice(),
  eip: from.eip,
  flags: from.flags,
  segments: [...from.segments],
});
