/**
 * A PC as host software sees it: the operations that a program at privilege level 0 has, named by their instructions.
 * Monitors and kernels of ours act through these alone; each costs what it costs there.
 */
import type { Account } from '../../accounting/vocabulary.ts';
import type { InterruptKind } from './wiring.ts';
import type { Decoded, Row } from './instructions/row.ts';
import type { SegmentNumber } from './registers.ts';
import type { X87State } from './x87/unit.ts';
import type { FieldName } from './vmx/fields.ts';

/** An exception or interrupt as the program learns of it to which the interrupt table leads. */
export interface PcEvent {
  readonly vector: number;
  readonly kind: InterruptKind;
  /** Error code, or −1 if the vector has none. */
  readonly error: number;
}

/** What host software that has come to rest waits for: that devices have had their turn, or an interrupt. */
export type Rest = 'turn' | 'interrupt';

/** Host software in TypeScript: the program at level 0 that this machine's interrupt table leads to. */
export interface PcHost {
  /**
   * Called when the processor has passed to level 0. Registers are as the interrupted program left them. When it
   * returns, the program goes on as after IRET, with whatever the host has changed.
   */
  interrupt(event: PcEvent): void;
  /** Called after a VM exit, with the host state loaded; when it returns, a guest has been entered again. */
  exited?(): void;
  /** Called when the rest that the host has asked for is over. When it returns, it rests again or a guest runs. */
  goesOn?(): void;
  /**
   * INT with this vector, by code that does not run at level 3, stands for a near call of the host's own routine at the
   * same level, whose instructions are not there to be executed: it costs what a call costs.
   */
  readonly callVector?: number;
  /**
   * An external interrupt waits for a program that has not been interrupted yet: have it acknowledged and delivered,
   * hold it, or let one more instruction pass and ask again. Hosts without an opinion take every one.
   */
  interruptWaits?(): 'take' | 'hold' | 'step';
  /**
   * Its interrupt table is in memory, and has gates for programs to segments of outer levels: software interrupts go
   * straight through those. All else leads to the host.
   */
  readonly outerGates?: true;
  /** The guest's chipset switches line A20 of its address bus. Hosts without an opinion leave it to the processor. */
  a20?(enabled: boolean): void;
}

/** What a segment register holds: the visible selector, and the descriptor's fields in its hidden part. */
export interface SegmentContents {
  readonly selector: number;
  readonly base: number;
  /** Limit in bytes. */
  readonly limit: number;
  /** Access byte, and D/B and G in bits 14 and 15; 0 = null. */
  readonly access: number;
}

/** A descriptor table register. */
export interface DescriptorTable {
  readonly base: number;
  readonly limit: number;
}

/** VT-x as host software uses it. */
export interface VmxOperations {
  /** VMXON; false where it is refused. */
  on(region: number): boolean;
  /** VMCLEAR of a region that holds the revision. */
  clear(vmcs: number): void;
  /** VMPTRLD of such a region. */
  loadPointer(vmcs: number): void;
  /** VMREAD, VMWRITE of the current VMCS: the low half of 64-bit fields. */
  read(field: FieldName): number;
  write(field: FieldName, value: number): void;
  /** VMWRITE of the high half of a 64-bit field. */
  writeHigh(field: FieldName, value: number): void;
  /** VMLAUNCH, VMRESUME: false where it is refused. */
  enter(launch: boolean): boolean;
  /** INVVPID of everything that the buffers hold for one VPID. */
  forgetSpace(vpid: number): void;
  /** INVEPT of everything that the buffers hold by the extended tables of one pointer. */
  forgetExtended(pointer: number): void;
}

export interface SystemPc {
  readonly vmx: VmxOperations;
  /** Cycles of the machine's clock. */
  readonly clock: number;
  /** Bytes of memory. */
  readonly memorySize: number;

  // The interrupted program: general registers by number, address of its next instruction or of the one at fault.
  readonly registers: Int32Array;
  eip: number;
  /** EFLAGS, status flags up to date. */
  flags: number;
  readonly level: number;
  selector(segment: SegmentNumber): number;
  base(segment: SegmentNumber): number;

  /** The instruction at the program's EIP, or null where its bytes cannot be read. */
  fetch(): Decoded | null;
  /** Linear address of a decoded instruction's memory operand. */
  addressOf(instruction: Decoded): number;
  // Memory by linear address, as instructions at level 0 reach it. Bytes and words unsigned, doublewords signed.
  load(linear: number, size: 1 | 2 | 4): number;
  store(linear: number, size: 1 | 2 | 4, value: number): void;
  /** Doubleword at a physical address, through a mapping that the host has of all memory. */
  loadPhysical(at: number): number;
  storePhysical(at: number, value: number): void;
  /** Looks at a doubleword when no instruction is executed, as when the machine asks the host something: no cycles pass. */
  peekPhysical(at: number): number;
  /** REP MOVS between memory by physical address, within what is installed, and the host. */
  readPhysical(at: number, length: number): Uint8Array;
  writePhysical(at: number, bytes: Uint8Array): void;
  /** Runs `work`; an exception that one of its operations raises ends it and is the answer, null if none did. */
  attempt(work: () => void): PcEvent | null;
  /** Executes an instruction of the program as an own one, with the program's registers and segments. */
  execute(instruction: Decoded): void;

  // SGDT, SIDT, SLDT, STR.
  readonly gdt: DescriptorTable;
  readonly idt: DescriptorTable;
  readonly ldt: number;
  readonly task: number;
  readonly cr0: number;
  readonly cr2: number;
  loadCr0(value: number): void;
  loadCr3(value: number): void;
  loadCr4(value: number): void;
  /** INVLPG. */
  invalidatePage(linear: number): void;
  /** LGDT. */
  loadGdt(base: number, limit: number): void;
  /** FNSAVE, which leaves the unit as FNINIT does, and FRSTOR. */
  saveFloat(): X87State;
  loadFloat(state: X87State): void;
  /** IN and OUT, of a byte if no size is said. */
  input(port: number, size: 1 | 2 | 4): number;
  output(port: number, value: number, size?: 1 | 2 | 4): void;
  /** LIDT. What the table says counts only for a host with `outerGates`. */
  loadIdt(base: number, limit: number): void;
  /** LTR. */
  loadTask(selector: number): void;
  /** RDTSC. */
  readTimeStamp(): number;
  /**
   * The host, which runs with interrupts off and executes a guest's code itself, lets the machine go on around it for a
   * moment, or looks no more at anything until INTR is up.
   */
  rest(how: Rest): void;
  /** HLT with interrupts on: the program goes on with the next interrupt, which the host hears first. */
  halt(): void;
  /** Whether the program waits for an interrupt. */
  readonly halted: boolean;
  /** What IRET does to a segment register of the program, which goes on at `level`. */
  returnTo(segment: SegmentNumber, selector: number, level: number): void;
  /**
   * Loads a segment register from a descriptor that the host has put into its table at the selector's place for the
   * time being. CS also sets the level at which the program goes on.
   */
  loadSegment(segment: SegmentNumber, contents: SegmentContents): void;
  /** LLDT of such a descriptor. */
  loadLdt(selector: number, base: number, limit: number): void;
  /** IRET to the program, or the return from a call of `callVector`. */
  resume(how: 'interrupt' | 'call'): void;
  /** Whether INTR is up, and the acknowledge cycle that answers it with a vector. */
  readonly interruptPending: boolean;
  acknowledge(): number;
  /** Cycles that programs still have before a device or the operator wants attention. */
  readonly remaining: number;
  /** Cycles until something happens by itself, in a device: how much of a run is left has no part in it. */
  readonly untilEvent: number;
  /** Instructions executed since the machine was switched on. */
  readonly instructions: number;

  /**
   * Lets somebody look on: hears each instruction of these rows before it executes. Costs the machine nothing; null
   * ends it.
   */
  watch(rows: ReadonlySet<Row>, hear: ((instruction: Decoded) => void) | null): void;
  /** Installs host software, and the accounts of kernels and users above it. */
  attach(host: PcHost, accounts: { readonly kernel: Account; readonly user: Account }): void;
  /** Lets the cycles of what the host does be booked to `account` from now on, until the program is resumed. */
  enter(account: Account): void;
  /** Books `cycles` of the host's own instructions, as one occurrence, to `account`. */
  work(account: Account, cycles: number): void;
}
