/** What the processor needs of Xen in memory: page tables of its part, descriptors, gates, task, and its timer. */
import type { SystemPc } from '../../machines/pc/system.ts';
import { flatSegment } from './descriptors.ts';
import { SYSTEM_CALL_VECTOR } from './interface.ts';
import {
  GDT_AT,
  GDT_PAGES,
  IDT_AT,
  LDT_SELECTOR,
  PAGE,
  PRESENT,
  TASK_OFFSET,
  TASK_SELECTOR,
  WRITE,
  XEN_GDT_PAGE,
} from './layout.ts';
import type { TrapHandler } from './domain.ts';

const TASK_LIMIT = 103;
const GATE_PRESENT = 0x8f00; // a trap gate of 32 bits
const SYSTEM_PRESENT = 0x8000;
const TASK_TYPE = 0x900;
const LDT_TYPE = 0x200;
const INTERRUPT_MAP_AT = 0x66;

/** Local APIC, at its physical place. SDM vol. 3A, section 10.4.1. */
const APIC = 0xfee00000;
const APIC_END = APIC + 0xb0;
const APIC_SPURIOUS = APIC + 0xf0;
const APIC_TIMER = APIC + 0x320;
const APIC_COUNT = APIC + 0x380;
const APIC_DIVIDE = APIC + 0x3e0;
const ENABLED = 0x1ff;
const BY_ONE = 0xb;
export const TIMER_VECTOR = 0xf0;
export const SPURIOUS_VECTOR = 0xff;
const APIC_FREQUENCY = 100_000_000;

export const PIC_VECTOR = 0x20;
const MASTER = 0x20;
const SLAVE = 0xa0;

export class MachineTables {
  private readonly system: SystemPc;
  /** Frames of Xen: gates and task; the page table of their slot. */
  readonly gates: number;
  readonly ownTable: number;
  private readonly frequency: number;
  /** Lines that may not interrupt, as the interrupt controllers have them. */
  masks = 0xffff;

  constructor(system: SystemPc, gates: number, ownTable: number, frequency: number) {
    this.system = system;
    this.gates = gates;
    this.ownTable = ownTable;
    this.frequency = frequency;
  }

  private words(at: number, ...words: readonly number[]): void {
    words.forEach((word, k) => {
      this.system.storePhysical(at + 4 * k, word);
    });
  }

  // ---------------------------------------------------------------- tables

  build(): void {
    this.words(this.ownTable * PAGE, (this.gates * PAGE) | PRESENT | WRITE);
    // Ports are nobody's: the map begins behind the task's end.
    this.words(this.gates * PAGE + TASK_OFFSET + (INTERRUPT_MAP_AT - 2), (TASK_LIMIT + 1) << 16);
  }

  /** Xen's part of a domain's global table, and the page table of the slot it stands in. */
  buildDescriptors(table: number, page: number): void {
    this.words(table * PAGE + 4 * XEN_GDT_PAGE, (page * PAGE) | PRESENT | WRITE);
    const put = (selector: number, [low, high]: readonly [number, number]): void => {
      this.words(page * PAGE + (selector & 0xff8), low, high);
    };
    put(0xe019, flatSegment(true, 1));
    put(0xe021, flatSegment(false, 1));
    put(0xe02b, flatSegment(true, 3));
    put(0xe033, flatSegment(false, 3));
    put(TASK_SELECTOR, systemSegment((IDT_AT + TASK_OFFSET) | 0, TASK_LIMIT, TASK_TYPE));
  }

  /** The task is not busy: it may be loaded again. */
  freeTask(page: number): void {
    this.words(
      page * PAGE + (TASK_SELECTOR & 0xff8),
      ...systemSegment((IDT_AT + TASK_OFFSET) | 0, TASK_LIMIT, TASK_TYPE),
    );
  }

  /** The local table of `entries` descriptors. */
  setLocal(page: number, entries: number): void {
    const at = page * PAGE + (LDT_SELECTOR & 0xff8);
    if (entries === 0) this.words(at, 0, 0);
    else this.words(at, ...systemSegment((GDT_AT + GDT_PAGES * PAGE) | 0, 8 * entries - 1, LDT_TYPE));
  }

  /** Loads the registers that point to the tables; the slots are mapped. */
  load(): void {
    const { system } = this;
    system.loadGdt(GDT_AT, GDT_PAGES * PAGE - 1);
    system.loadIdt(IDT_AT, 8 * 256 - 1);
    system.loadTask(TASK_SELECTOR);
  }

  /** The gate by which programs call the guest's kernel without Xen, where the guest has such a handler. */
  setDirectGate(handler: TrapHandler | null): void {
    const at = this.gates * PAGE + 8 * SYSTEM_CALL_VECTOR;
    if (!handler || handler.masksEvents || (handler.cs & 3) !== 1) this.words(at, 0, 0);
    else
      this.words(
        at,
        (handler.cs << 16) | (handler.address & 0xffff),
        (handler.address & 0xffff0000) | GATE_PRESENT | (handler.level << 13),
      );
  }

  /** Stack of level 1 in the task: where the direct gate leads. */
  setKernelStack(selector: number, pointer: number): void {
    this.words(this.gates * PAGE + TASK_OFFSET + 12, pointer, selector);
  }

  // ---------------------------------------------------------------- interrupts

  startInterrupts(): void {
    const { system } = this;
    for (const [port, vector, wiring] of [
      [MASTER, PIC_VECTOR, 4],
      [SLAVE, PIC_VECTOR + 8, 2],
    ] as const) {
      system.output(port, 0x11);
      for (const word of [vector, wiring, 1]) system.output(port + 1, word);
    }
    this.writeMasks();
    system.storePhysical(APIC_SPURIOUS, ENABLED);
    system.storePhysical(APIC_DIVIDE, BY_ONE);
    system.storePhysical(APIC_TIMER, TIMER_VECTOR);
  }

  private writeMasks(): void {
    this.system.output(MASTER + 1, this.masks & 0xff);
    this.system.output(SLAVE + 1, this.masks >> 8);
  }

  allowLine(line: number): void {
    this.masks &= ~(1 << line) & (line >= 8 ? ~4 : -1);
    this.writeMasks();
  }

  forbidLine(line: number): void {
    this.masks |= 1 << line;
    this.writeMasks();
  }

  endOfLine(line: number): void {
    if (line >= 8) this.system.output(SLAVE, 0x20);
    this.system.output(MASTER, 0x20);
  }

  endOfTimer(): void {
    this.system.storePhysical(APIC_END, 0);
  }

  /** The timer interrupts after `cycles` of the processor. */
  setTimer(cycles: number): void {
    const counts = Math.min(Math.max(1, Math.ceil((cycles * APIC_FREQUENCY) / this.frequency)), 0xffffffff);
    this.system.storePhysical(APIC_COUNT, counts | 0);
  }
}

const systemSegment = (base: number, limit: number, type: number): readonly [number, number] => [
  (base << 16) | limit,
  (base & 0xff000000) | ((base >>> 16) & 0xff) | SYSTEM_PRESENT | type,
];
