/**
 * Builds a domain from a kernel's file: its memory with the kernel, modules, the list of its frames, start_info, first
 * page tables and stack, laid out from the virtual base on as xen.h says at "start-of-day memory layout".
 */
import type { SystemPc } from '../../machines/pc/system.ts';
import {
  COMMAND_LINE_BYTES,
  FLAT_KERNEL_CS,
  FLAT_KERNEL_DS,
  HYPERVISOR_START,
  IRET,
  SHARED_INFO,
  START_INFO,
} from './interface.ts';
import { ACCESSED, DIRTY, ENTRIES, PAGE, PRESENT, USER, WRITE } from './layout.ts';
import type { Domain } from './domain.ts';
import type { Frames } from './frames.ts';

/** A paravirtual kernel as its loader has read it. */
export interface XenKernel {
  readonly entry: number;
  readonly virtualBase: number;
  readonly segments: readonly {
    readonly virtual: number;
    readonly bytes: Uint8Array;
    readonly size: number;
  }[];
  /** Linear address of the page that Xen fills with hypercalls, or null. */
  readonly hypercallPage: number | null;
}

export interface Image {
  readonly kernel: XenKernel;
  readonly module: Uint8Array | null;
  readonly commandLine: string;
  readonly flags: number;
}

const LARGE = 0x400000;
const SPARE = 0x80000;
const up = (value: number, to: number): number => Math.ceil(value / to) * to;

interface Plan {
  readonly module: number;
  readonly frameList: number;
  readonly startInfo: number;
  readonly store: number;
  readonly console: number;
  readonly tables: number;
  readonly tableCount: number;
  readonly stack: number;
  readonly end: number;
}

/** Linear addresses of everything; a string says what does not fit. */
function planOf({ kernel, module }: Image, pages: number): Plan | string {
  const base = kernel.virtualBase;
  const kernelEnd = kernel.segments.reduce((end, s) => Math.max(end, s.virtual + s.size), base);
  const at = { next: up(kernelEnd, PAGE) };
  const take = (bytes: number): number => {
    const from = at.next;
    at.next = up(from + bytes, PAGE);
    return from;
  };
  const moduleAt = take(module?.length ?? 0);
  const frameList = take(4 * pages);
  const [startInfo, store, consolePage] = [take(PAGE), take(PAGE), take(PAGE)];
  const tables = at.next;
  let tableCount = 1;
  for (;;) {
    const end = up(tables + (tableCount + 1) * PAGE + SPARE, LARGE);
    const needed = 1 + (end - Math.floor(base / LARGE) * LARGE) / LARGE;
    if (needed <= tableCount) break;
    tableCount = needed;
  }
  const stack = tables + tableCount * PAGE;
  const needed = (stack + PAGE - base) / PAGE;
  if (needed > pages)
    return `the kernel and its modules need ${needed * 4} K, the domain has ${pages * 4} K: give more memory`;
  const end = up(stack + PAGE + SPARE, LARGE);
  if (end > HYPERVISOR_START) return "the kernel's first mappings would reach into Xen's part";
  return {
    module: moduleAt,
    frameList,
    startInfo,
    store,
    console: consolePage,
    tables,
    tableCount,
    stack,
    end,
  };
}

export class DomainBuilder {
  private readonly system: SystemPc;
  private readonly frames: Frames;

  constructor(system: SystemPc, frames: Frames) {
    this.system = system;
    this.frames = frames;
  }

  /** Fills the domain's memory, whose frames are `list` by their pseudo-physical numbers. Null, or what is wrong. */
  build(domain: Domain, image: Image, list: readonly number[]): string | null {
    const plan = planOf(image, list.length);
    if (typeof plan === 'string') return plan;
    const { kernel, module } = image;
    for (const segment of kernel.segments) {
      if (segment.virtual < kernel.virtualBase)
        return `a segment at ${segment.virtual.toString(16)} lies below the virtual base`;
      this.put(list, kernel, segment.virtual, segment.bytes);
    }
    if (module) this.put(list, kernel, plan.module, module);
    this.put(list, kernel, plan.frameList, bytesOf(list));
    if (kernel.hypercallPage !== null) this.put(list, kernel, kernel.hypercallPage, hypercallPage());
    this.buildTables(kernel, plan, list);
    this.writeStartInfo(domain, image, plan, list);
    this.startContext(domain, kernel, plan);
    domain.cr3 = list[(plan.tables - kernel.virtualBase) / PAGE]!;
    domain.kernelStack = { selector: FLAT_KERNEL_DS, pointer: (plan.stack + PAGE) | 0 };
    return null;
  }

  private put(list: readonly number[], kernel: XenKernel, virtual: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const offset = virtual + done - kernel.virtualBase;
      const within = offset % PAGE;
      const length = Math.min(PAGE - within, bytes.length - done);
      const at = list[Math.floor(offset / PAGE)]! * PAGE + within;
      this.copy(at, bytes.subarray(done, done + length));
      done += length;
    }
  }

  /** By words; the bytes around stay. */
  private copy(at: number, bytes: Uint8Array): void {
    const { system } = this;
    for (let k = 0; k < bytes.length;) {
      const address = at + k;
      const word = address & ~3;
      if (address === word && k + 4 <= bytes.length) {
        system.storePhysical(
          word,
          bytes[k]! | (bytes[k + 1]! << 8) | (bytes[k + 2]! << 16) | (bytes[k + 3]! << 24),
        );
        k += 4;
        continue;
      }
      const shift = 8 * (address & 3);
      system.storePhysical(word, (system.loadPhysical(word) & ~(0xff << shift)) | (bytes[k]! << shift));
      k++;
    }
  }

  /** Everything from the base on, page tables read-only. */
  private buildTables(kernel: XenKernel, plan: Plan, list: readonly number[]): void {
    const base = kernel.virtualBase;
    const frameAt = (linear: number): number => list[(linear - base) / PAGE]!;
    const directory = frameAt(plan.tables);
    const first = Math.floor(base / LARGE);
    for (let table = 0; table < plan.tableCount - 1; table++) {
      const frame = frameAt(plan.tables + (table + 1) * PAGE);
      this.system.storePhysical(
        directory * PAGE + 4 * (first + table),
        (frame * PAGE) | PRESENT | WRITE | USER | ACCESSED | DIRTY,
      );
      for (let k = 0; k < ENTRIES; k++) {
        const linear = (first + table) * LARGE + k * PAGE;
        const pseudo = (linear - base) / PAGE;
        if (pseudo < 0 || pseudo >= list.length || linear >= plan.end) continue;
        const isTable = linear >= plan.tables && linear < plan.stack;
        this.system.storePhysical(
          frame * PAGE + 4 * k,
          (list[pseudo]! * PAGE) | PRESENT | ACCESSED | (isTable ? 0 : WRITE | DIRTY),
        );
      }
    }
  }

  private writeStartInfo(domain: Domain, image: Image, plan: Plan, list: readonly number[]): void {
    const base = image.kernel.virtualBase;
    const at = list[(plan.startInfo - base) / PAGE]! * PAGE;
    const word = (offset: number, value: number): void => {
      this.system.storePhysical(at + offset, value | 0);
    };
    const text = (offset: number, value: string, most: number): void => {
      const bytes = Array.from(value, (c) => c.charCodeAt(0) & 0xff).slice(0, most - 1);
      this.copy(at + offset, Uint8Array.from([...bytes, 0]));
    };
    const frameAt = (linear: number): number => list[(linear - base) / PAGE]!;
    domain.storePage = frameAt(plan.store);
    domain.consolePage = frameAt(plan.console);
    text(START_INFO.magic, 'xen-3.0-x86_32', 32);
    word(START_INFO.pages, list.length);
    word(START_INFO.sharedInfo, domain.sharedInfo * PAGE);
    word(START_INFO.flags, image.flags);
    word(START_INFO.storeFrame, domain.storePage);
    word(START_INFO.storePort, domain.storePort);
    word(START_INFO.consoleFrame, domain.consolePage);
    word(START_INFO.consolePort, domain.consolePort);
    word(START_INFO.pageTable, plan.tables);
    word(START_INFO.pageTableFrames, plan.tableCount);
    word(START_INFO.frameList, plan.frameList);
    word(START_INFO.moduleStart, image.module ? plan.module : 0);
    word(START_INFO.moduleLength, image.module?.length ?? 0);
    text(START_INFO.commandLine, image.commandLine, COMMAND_LINE_BYTES);
    this.system.storePhysical(domain.sharedInfo * PAGE + SHARED_INFO.upcallPending, 0x100);
    // All ports begin masked.
    for (let k = 0; k < 32; k++)
      this.system.storePhysical(domain.sharedInfo * PAGE + SHARED_INFO.mask + 4 * k, -1);
    list.forEach((frame, pseudo) => {
      this.frames.setPseudo(frame, pseudo);
    });
  }

  private startContext(domain: Domain, kernel: XenKernel, plan: Plan): void {
    const registers = new Int32Array(8);
    registers[4] = (plan.stack + PAGE) | 0;
    registers[6] = plan.startInfo | 0;
    const data = FLAT_KERNEL_DS;
    domain.context = {
      registers,
      eip: kernel.entry | 0,
      flags: 0x202,
      level: 1,
      selectors: [data, FLAT_KERNEL_CS, data, data, data, data],
      float: null,
    };
  }
}

const bytesOf = (words: readonly number[]): Uint8Array => new Uint8Array(Int32Array.from(words).buffer);

/** Thirty-two bytes for each hypercall: the number into EAX, INT 82h, RET; IRET needs EAX as it was. */
function hypercallPage(): Uint8Array {
  const page = new Uint8Array(PAGE).fill(0xcc);
  for (let number = 0; number < PAGE / 32; number++) {
    const move = [0xb8, number, 0, 0, 0, 0xcd, 0x82];
    page.set(number === IRET ? [0x50, ...move] : [...move, 0xc3], 32 * number);
  }
  return page;
}
