/**
 * A PC as host software sees it that itself runs in VMX non-root operation. What exits there is really executed, in a page
 * of the host software's with one instruction of each kind: so it reaches the hypervisor beneath as it does from a program
 * in memory. All else is the processor's own, as on the bare machine.
 */
import type { Account } from '../../accounting/vocabulary.ts';
import type { Cpu } from './cpu.ts';
import { FLAG_CF, FLAG_ZF } from './eflags.ts';
import { getFlags } from './flags.ts';
import { NativePc } from './native-system.ts';
import { storePhysical } from './physical.ts';
import { CS, DS, EAX, EDX, EFLAGS } from './registers.ts';
import { FLAG_RESERVED } from './eflags.ts';
import { setSegment } from './segments.ts';
import type { PcHost, VmxOperations } from './system.ts';
import { executeUnit } from './unit.ts';
import { FIELD, type FieldName } from './vmx/fields.ts';

/** The instructions: operands in EAX and EDX, or in memory at EAX. */
const CODE = {
  vmxon: [0xf3, 0x0f, 0xc7, 0x30], // vmxon [eax]
  vmclear: [0x66, 0x0f, 0xc7, 0x30], // vmclear [eax]
  vmptrld: [0x0f, 0xc7, 0x30], // vmptrld [eax]
  vmread: [0x0f, 0x78, 0xd0], // vmread eax, edx
  vmwrite: [0x0f, 0x79, 0xd0], // vmwrite edx, eax
  vmlaunch: [0x0f, 0x01, 0xc2],
  vmresume: [0x0f, 0x01, 0xc3],
  invvpid: [0x66, 0x0f, 0x38, 0x81, 0x10], // invvpid edx, [eax]
  invept: [0x66, 0x0f, 0x38, 0x80, 0x10],
  cr0: [0x0f, 0x22, 0xc0], // mov cr0, eax
  cr3: [0x0f, 0x22, 0xd8],
  cr4: [0x0f, 0x22, 0xe0],
  hlt: [0xf4],
} as const;
type Operation = keyof typeof CODE;

/** Bytes for each, and where the operands in memory are. */
const STRIDE = 8;
const OPERAND = 0x800;
const FLAT = 0xffffffff;
const FLAT_CODE = 0xc09b;
const FLAT_DATA = 0xc093;
const ONE_SPACE = 1;

class Executor {
  readonly cpu: Cpu;
  private readonly page: number;

  constructor(cpu: Cpu, page: number) {
    this.cpu = cpu;
    this.page = page;
    Object.values(CODE).forEach((bytes, k) => {
      bytes.forEach((byte, n) => storePhysical(cpu, page + k * STRIDE + n, 1, byte));
    });
  }

  /** Executes one of them as the next instruction; the address behind it. */
  at(operation: Operation): number {
    const { cpu } = this;
    const where = this.page + Object.keys(CODE).indexOf(operation) * STRIDE;
    cpu.eip = where;
    executeUnit(cpu, true, false);
    return where + CODE[operation].length;
  }

  /** The same with operands, and with all registers as before afterwards. */
  with(operation: Operation, eax: number, edx = 0): { readonly eax: number; readonly done: boolean } {
    const { cpu } = this;
    const kept = cpu.words.slice(0, 8);
    cpu.words[EAX] = eax;
    cpu.words[EDX] = edx;
    this.at(operation);
    const result = cpu.words[EAX];
    cpu.words.set(kept);
    return { eax: result, done: (getFlags(cpu) & (FLAG_CF | FLAG_ZF)) === 0 };
  }

  /** With a quadword, or two, in memory. */
  withMemory(operation: Operation, low: number, edx = 0, second = 0): boolean {
    const at = this.page + OPERAND;
    [low, 0, second, 0].forEach((word, k) => storePhysical(this.cpu, at + 4 * k, 4, word));
    return this.with(operation, at, edx).done;
  }
}

class NonRootVmx implements VmxOperations {
  private readonly executor: Executor;

  constructor(executor: Executor) {
    this.executor = executor;
  }

  on(region: number): boolean {
    return this.executor.withMemory('vmxon', region);
  }
  clear(vmcs: number): void {
    this.executor.withMemory('vmclear', vmcs);
  }
  loadPointer(vmcs: number): void {
    this.executor.withMemory('vmptrld', vmcs);
  }
  read(field: FieldName): number {
    return this.executor.with('vmread', 0, FIELD[field]).eax;
  }
  write(field: FieldName, value: number): void {
    this.executor.with('vmwrite', value, FIELD[field]);
  }
  writeHigh(field: FieldName, value: number): void {
    this.executor.with('vmwrite', value, FIELD[field] + 1);
  }
  enter(launch: boolean): boolean {
    const { cpu } = this.executor;
    const at = cpu.guest?.at;
    const behind = this.executor.at(launch ? 'vmlaunch' : 'vmresume');
    // Refused, it goes on behind the instruction.
    return cpu.guest?.at !== at || cpu.eip !== behind;
  }
  forgetSpace(vpid: number): void {
    this.executor.withMemory('invvpid', vpid, ONE_SPACE);
  }
  forgetExtended(pointer: number): void {
    this.executor.withMemory('invept', pointer, ONE_SPACE);
  }
}

export class NonRootPc extends NativePc {
  private readonly executor: Executor;
  private readonly install: (host: PcHost) => void;
  private host: PcHost | null = null;

  /**
   * @param page of the host software's memory, for instructions and their operands
   * @param install tells the hypervisor beneath who runs there
   */
  constructor(cpu: Cpu, page: number, install: (host: PcHost) => void) {
    const executor = new Executor(cpu, page);
    super(cpu, new NonRootVmx(executor));
    this.executor = executor;
    this.install = install;
  }

  /** Host software has flat segments and the highest level; interrupts are off. */
  private flat(): void {
    const { cpu } = this.executor;
    cpu.words[EFLAGS] = FLAG_RESERVED;
    cpu.lazy = false;
    cpu.virtual8086 = false;
    cpu.setCpl(0);
    setSegment(cpu, CS, 0x08, 0, FLAT, FLAT_CODE);
    setSegment(cpu, DS, 0x10, 0, FLAT, FLAT_DATA);
  }

  override loadCr0(value: number): void {
    this.executor.with('cr0', value);
  }
  override loadCr3(value: number): void {
    this.executor.with('cr3', value);
  }
  override loadCr4(value: number): void {
    this.executor.with('cr4', value);
  }
  override halt(): void {
    this.executor.at('hlt');
  }
  /** Takes the machine over. Whose cycles they are the hypervisor beneath decides. */
  override attach(host: PcHost, _accounts: { readonly kernel: Account; readonly user: Account }): void {
    if (host === this.host) return;
    this.host = host;
    this.flat();
    this.install(host);
  }
}
