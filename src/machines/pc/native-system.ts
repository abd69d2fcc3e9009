/** The real machine's side of `SystemPc`: each operation does to the processor what its instruction does. */
import type { Account } from '../../accounting/vocabulary.ts';
import { setCr0, setCr4 } from './control-registers.ts';
import type { Cpu } from './cpu.ts';
import { getFlags, setFlags } from './flags.ts';
import { decode } from './instructions/decode.ts';
import { offsetOf } from './instructions/operands.ts';
import type { Decoded, Row } from './instructions/row.ts';
import type { CostClass } from './models/classes.ts';
import { loadAddressSpace } from './paging.ts';
import { PAGE } from './memory.ts';
import { loadPhysical, storePhysical } from './physical.ts';
import { CS, FAULT, SS, type SegmentNumber } from './registers.ts';
import { isNull, loadTaskRegister, readDescriptor, setFromDescriptor, setSegment } from './segments.ts';
import { NativeVmx } from './vmx/native.ts';
import type {
  DescriptorTable,
  PcEvent,
  PcHost,
  Rest,
  SegmentContents,
  SystemPc,
  VmxOperations,
} from './system.ts';
import type { X87State } from './x87/unit.ts';

const ALL_FLAGS = -1;
const LONGEST = 15;
/** In cycles, where nothing is due; a whole number of 31 bits. */
const LONGEST_REPETITION = 2 ** 30;
const LDT_ACCESS = 0x82;

export class NativePc implements SystemPc {
  private readonly cpu: Cpu;

  readonly vmx: VmxOperations;

  constructor(cpu: Cpu, vmx: VmxOperations = new NativeVmx(cpu)) {
    this.cpu = cpu;
    this.vmx = vmx;
  }

  /** Passes the cycles of one instruction of the host. */
  private instruction(cost: CostClass): void {
    this.cpu.spend(this.cpu.costs[cost]);
  }

  get clock(): number {
    return this.cpu.clock;
  }
  get memorySize(): number {
    return this.cpu.memory.size;
  }
  get registers(): Int32Array {
    return this.cpu.words;
  }
  get eip(): number {
    return this.cpu.eip;
  }
  set eip(value: number) {
    this.cpu.eip = value;
  }
  get flags(): number {
    return getFlags(this.cpu);
  }
  set flags(value: number) {
    setFlags(this.cpu, ALL_FLAGS, value);
  }
  get level(): number {
    return this.cpu.cpl;
  }
  selector(segment: SegmentNumber): number {
    return this.cpu.selectors[segment]!;
  }
  base(segment: SegmentNumber): number {
    return this.cpu.bases[segment]!;
  }

  // ---------------------------------------------------------------- memory

  fetch(): Decoded | null {
    const { cpu } = this;
    const at = cpu.eip + cpu.bases[CS]!;
    const bytes = new Uint8Array(LONGEST);
    let length = 0;
    this.attempt(() => {
      for (; length < LONGEST; length++) bytes[length] = cpu.system8((at + length) | 0);
    });
    return decode((i) => (i < length ? bytes[i]! : -1), cpu.code32, cpu);
  }
  addressOf(instruction: Decoded): number {
    return (offsetOf(this.cpu, instruction) + this.cpu.bases[instruction.segment]!) | 0;
  }
  load(linear: number, size: 1 | 2 | 4): number {
    this.instruction('plain');
    if (size === 4) return this.cpu.system32(linear);
    return size === 2 ? this.cpu.system16(linear) : this.cpu.system8(linear);
  }
  store(linear: number, size: 1 | 2 | 4, value: number): void {
    this.instruction('plain');
    this.cpu.storeSystem(linear, size, value);
  }
  loadPhysical(at: number): number {
    this.instruction('plain');
    return loadPhysical(this.cpu, at, 4);
  }
  peekPhysical(at: number): number {
    return loadPhysical(this.cpu, at, 4);
  }
  storePhysical(at: number, value: number): void {
    this.instruction('plain');
    storePhysical(this.cpu, at, 4, value);
  }
  /** Passes the cycles of a string instruction over `length` bytes, moved by doublewords. */
  private moved(length: number): void {
    this.cpu.spend(this.cpu.costs.string + this.cpu.costs.element * Math.ceil(length / 4));
  }
  readPhysical(at: number, length: number): Uint8Array {
    this.moved(length);
    return this.cpu.bytes.slice(at, at + length);
  }
  writePhysical(at: number, bytes: Uint8Array): void {
    this.moved(bytes.length);
    this.cpu.memory.write(at, bytes);
    for (let page = at & -PAGE; page < at + bytes.length; page += PAGE) this.cpu.blocks.replaced(page);
  }
  attempt(work: () => void): PcEvent | null {
    const { cpu } = this;
    try {
      work();
      return null;
    } catch (fault) {
      if (fault !== FAULT) throw fault;
      return { vector: cpu.faultVector, kind: 'exception', error: cpu.faultError };
    }
  }
  execute(instruction: Decoded): void {
    const { cpu } = this;
    const { cpl } = cpu;
    cpu.spend(instruction.cycles);
    // A repetition stops for what happens by itself, not for the end of the run: going on would cost another trap.
    const beyond = Math.max(0, Math.min(LONGEST_REPETITION, cpu.eventAt - cpu.clock) - cpu.left);
    cpu.left += beyond;
    cpu.horizon += beyond;
    // Level 0 for the checks of this one instruction; its memory is reached with the program's rights all the same.
    cpu.cpl = 0;
    try {
      instruction.execute(cpu, instruction);
    } finally {
      cpu.cpl = cpl;
      cpu.horizon -= beyond;
      cpu.spend(beyond);
    }
  }

  // ---------------------------------------------------------------- privileged operations

  get gdt(): DescriptorTable {
    return { base: this.cpu.gdtBase, limit: this.cpu.gdtLimit };
  }
  get idt(): DescriptorTable {
    return { base: this.cpu.idtBase, limit: this.cpu.idtLimit };
  }
  get ldt(): number {
    return this.cpu.ldt.selector;
  }
  get task(): number {
    return this.cpu.task.selector;
  }
  get cr0(): number {
    return this.cpu.cr0;
  }
  get cr2(): number {
    return this.cpu.cr2;
  }
  loadCr0(value: number): void {
    this.instruction('system-write');
    setCr0(this.cpu, value);
  }
  loadCr3(value: number): void {
    this.instruction('address-space');
    loadAddressSpace(this.cpu, value);
  }
  loadCr4(value: number): void {
    this.instruction('system-write');
    setCr4(this.cpu, value);
  }
  invalidatePage(linear: number): void {
    this.instruction('page-invalidate');
    this.cpu.instructionTlb.invalidate(linear);
    this.cpu.dataTlb.invalidate(linear);
  }
  loadGdt(base: number, limit: number): void {
    this.instruction('system-write');
    [this.cpu.gdtBase, this.cpu.gdtLimit] = [base, limit];
  }
  loadIdt(base: number, limit: number): void {
    this.instruction('system-write');
    [this.cpu.idtBase, this.cpu.idtLimit] = [base, limit];
  }
  loadTask(selector: number): void {
    this.instruction('system-write');
    loadTaskRegister(this.cpu, selector);
  }
  input(port: number, size: 1 | 2 | 4): number {
    this.instruction('port');
    return this.cpu.ports.input(port, size);
  }
  output(port: number, value: number, size: 1 | 2 | 4 = 1): void {
    this.instruction('port');
    this.cpu.ports.output(port, size, value);
  }
  readTimeStamp(): number {
    this.instruction('time-stamp');
    return this.cpu.clock + this.cpu.timeStampOffset;
  }
  saveFloat(): X87State {
    this.instruction('float-state');
    const state = this.cpu.x87.save();
    this.cpu.x87.initialize();
    return state;
  }
  loadFloat(state: X87State): void {
    this.instruction('float-state');
    this.cpu.x87.restore(state);
  }
  rest(how: Rest): void {
    this.cpu.resting = how;
    this.cpu.leaveLoop();
  }
  halt(): void {
    this.instruction('plain');
    this.cpu.halted = true;
    this.cpu.leaveLoop();
  }
  get halted(): boolean {
    return this.cpu.halted;
  }
  returnTo(segment: SegmentNumber, selector: number, level: number): void {
    const { cpu } = this;
    if (segment !== CS && segment !== SS && isNull(selector)) {
      setSegment(cpu, segment, 0, 0, 0, 0);
      return;
    }
    if (segment === CS) cpu.setCpl(level);
    setFromDescriptor(cpu, segment, (selector & ~3) | level, readDescriptor(cpu, selector));
  }

  loadSegment(segment: SegmentNumber, { selector, base, limit, access }: SegmentContents): void {
    const { cpu } = this;
    // IRET brings CS and SS.
    if (segment !== CS && segment !== SS) this.instruction('segment-load');
    if (segment === CS) cpu.setCpl(selector & 3);
    setSegment(cpu, segment, selector, base, limit, access);
  }
  loadLdt(selector: number, base: number, limit: number): void {
    this.instruction('system-write');
    this.cpu.ldt = { selector, base, limit, access: limit === 0 ? 0 : LDT_ACCESS };
  }
  resume(how: 'interrupt' | 'call'): void {
    const { cpu } = this;
    this.instruction(how === 'call' ? 'call' : 'interrupt-return');
    cpu.ledger.enter(cpu.cpl === 3 ? cpu.accounts.user : cpu.accounts.kernel);
  }
  get interruptPending(): boolean {
    return this.cpu.interruptWaits();
  }
  acknowledge(): number {
    return this.cpu.acknowledge();
  }
  get remaining(): number {
    return this.cpu.remaining;
  }
  get untilEvent(): number {
    return this.cpu.untilEvent;
  }
  get instructions(): number {
    return this.cpu.instructions;
  }

  watch(rows: ReadonlySet<Row>, hear: ((instruction: Decoded) => void) | null): void {
    this.cpu.watched = hear && { rows, hear };
    this.cpu.blocks.clear();
  }

  attach(host: PcHost, accounts: { readonly kernel: Account; readonly user: Account }): void {
    const { cpu } = this;
    cpu.host = host;
    cpu.accounts = accounts;
    cpu.setCpl(cpu.cpl);
  }
  enter(account: Account): void {
    this.cpu.ledger.enter(account);
  }
  work(account: Account, cycles: number): void {
    this.cpu.spend(cycles);
    this.cpu.ledger.charge(account, cycles);
  }
}
