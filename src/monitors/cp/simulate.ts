/**
 * Simulation of privileged instructions (CP's module DMKPRV): what the instruction would have done to a real
 * processor, done to the virtual one. The guest was in the virtual supervisor state when it trapped.
 */
import {
  ADDRESSING,
  OPERATION,
  PAGE_TRANSLATION,
  SEGMENT_TRANSLATION,
  SPECIAL_OPERATION,
  SPECIFICATION,
} from '../../machines/s370/assigned-storage.ts';
import { rowAt } from '../../machines/s370/instructions/dispatch.ts';
import { instructionLength, type Row } from '../../machines/s370/instructions/row.ts';
import { eventsOfSimulated } from '../../machines/s370/per.ts';
import { PSW_PER, unpackPsw } from '../../machines/s370/psw.ts';
import type { ControlProgram } from './control-program.ts';
import { guestFault, type GuestAccess } from './guest-access.ts';
import type { PathName } from './paths.ts';
import { FORMAT_BITS } from './shadow.ts';
import type { VirtualMachine } from './virtual-machine.ts';

/** A decoded instruction of the guest. */
export interface Decoded {
  readonly row: Row;
  readonly word: number;
  readonly r1: number;
  readonly r3: number;
  /** Second-operand address: base and displacement, with index for RX. */
  readonly address: number;
  readonly immediate: number;
}
/** Does what the instruction does; throws GuestFault where the guest must be interrupted instead. */
export type Action = (vm: VirtualMachine, d: Decoded) => void;

const EXECUTE = 0x44;
const MASK24 = 0xffffff;
const SSM_SUPPRESSION = 0x4000_0000;

/** What CP simulates, and the path that each instruction takes after `decode`. */
export const SIMULATED = {
  LPSW: 'loadPsw',
  SSM: 'systemMask',
  STNSM: 'systemMask',
  STOSM: 'systemMask',
  LCTL: 'control',
  STCTL: 'control',
  SSK: 'storageKey',
  ISK: 'storageKey',
  RRB: 'storageKey',
  SPKA: 'systemMask',
  IPK: 'identity',
  LRA: 'realAddress',
  PTLB: 'shadowPurge',
  SCK: 'timing',
  SCKC: 'timing',
  STCKC: 'timing',
  SPT: 'timing',
  STPT: 'timing',
  STIDP: 'identity',
  STAP: 'identity',
  DIAG: 'diagnose',
  SIO: 'startIo',
  SIOF: 'startIo',
  TIO: 'testIo',
  CLRIO: 'testIo',
  HIO: 'testIo',
  HDV: 'testIo',
  TCH: 'testIo',
  STIDC: 'identity',
} as const satisfies Readonly<Record<string, PathName>>;
export type Simulated = keyof typeof SIMULATED;
export const isSimulated = (mnemonic: string): mnemonic is Simulated => Object.hasOwn(SIMULATED, mnemonic);

export class Simulator {
  private readonly cp: ControlProgram;
  private readonly access: GuestAccess;
  private readonly actions: Record<Simulated, Action>;

  constructor(cp: ControlProgram, access: GuestAccess) {
    this.cp = cp;
    this.access = access;
    this.actions = this.table();
  }

  /** Simulates the instruction that trapped; gives its PER events but fetching. Throws GuestFault where the guest must be interrupted instead. */
  simulate(vm: VirtualMachine): number {
    const { psw } = vm.state;
    const traced = psw.extendedControl && (psw.systemMask & PSW_PER) !== 0;
    const before = traced ? { gr: vm.gr.slice(), cr: vm.state.cr.slice() } : null;
    this.access.stored.length = 0;
    this.cp.charge('decode');
    const decoded = this.decode(vm);
    const { mnemonic } = decoded.row;
    if (!isSimulated(mnemonic)) guestFault(OPERATION);
    this.cp.charge(SIMULATED[mnemonic]);
    this.actions[mnemonic](vm, decoded);
    this.cp.countSimulated(vm, mnemonic);
    this.cp.note('simulate', vm, { mnemonic, operand: decoded.address });
    if (!before) return 0;
    const registers = { gr: vm.gr, cr: before.cr };
    return eventsOfSimulated(registers, before.gr, decoded.word, this.access.stored);
  }

  /** Puts `action` in the place of CP's own: how a student writes a piece of CP. */
  replace(mnemonic: Simulated, action: Action): void {
    this.actions[mnemonic] = action;
  }

  /** The mnemonic of the instruction at the guest's trap, for those who only look. */
  mnemonicAt(vm: VirtualMachine): string {
    return this.decode(vm).row.mnemonic;
  }

  private decode(vm: VirtualMachine): Decoded {
    let bytes = this.instructionAt(vm, vm.state.instructionAddress);
    if (bytes[0] === EXECUTE) {
      const modifier = vm.gr[bytes[1]! >> 4]!;
      const subject = this.instructionAt(vm, this.operandAddress(vm, bytes, true));
      if (bytes[1]! >> 4 !== 0) subject[1]! |= modifier & 0xff;
      bytes = subject;
    }
    const row = rowAt(bytes[0]!, bytes[1]!);
    if (!row) guestFault(OPERATION);
    return {
      row,
      word: (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!,
      r1: bytes[1]! >> 4,
      r3: bytes[1]! & 15,
      address: this.operandAddress(vm, bytes, row.operands.includes('X2')),
      immediate: bytes[1]!,
    };
  }
  private instructionAt(vm: VirtualMachine, at: number): Uint8Array {
    const bytes = new Uint8Array(6);
    const head = this.access.fetch(vm, at, 2);
    const length = instructionLength(head[0]!);
    bytes.set(length === 2 ? head : this.access.fetch(vm, at, length));
    return bytes;
  }
  private operandAddress(vm: VirtualMachine, bytes: Uint8Array, indexed: boolean): number {
    const base = bytes[2]! >> 4;
    const index = indexed ? bytes[1]! & 15 : 0;
    const displacement = ((bytes[2]! & 15) << 8) | bytes[3]!;
    return ((base === 0 ? 0 : vm.gr[base]!) + (index === 0 ? 0 : vm.gr[index]!) + displacement) & MASK24;
  }

  // ---------------------------------------------------------------- the instructions

  private table(): Record<Simulated, Action> {
    const { access } = this;
    return {
      LPSW: (vm, d) => this.loadPsw(vm, d),
      SSM: (vm, d) => this.setSystemMask(vm, d),
      STNSM: (vm, d) => this.storeThen(vm, d, vm.state.psw.systemMask & d.immediate),
      STOSM: (vm, d) => this.storeThen(vm, d, vm.state.psw.systemMask | d.immediate),
      LCTL: (vm, d) => this.loadControl(vm, d),
      STCTL: (vm, d) => this.storeControl(vm, d),
      SSK: (vm, d) => vm.changeStorageKey(this.keyBlock(vm, d), vm.gr[d.r1]! & 0xfe),
      ISK: (vm, d) => this.insertStorageKey(vm, d),
      RRB: (vm, d) => this.resetReferenceBit(vm, d),
      SPKA: (vm, d) => this.cp.setPsw(vm, { key: (d.address >> 4) & 15 }),
      IPK: (vm) => {
        vm.gr[2] = (vm.gr[2]! & ~0xff) | (vm.state.psw.key << 4);
      },
      LRA: (vm, d) => this.loadRealAddress(vm, d),
      PTLB: (vm) => this.cp.shadows.purge(vm),
      // The time-of-day clock is the real machine's: a guest's SCK is accepted and has no effect.
      SCK: (vm, d) => {
        access.fetchDoubleword(vm, this.aligned(d.address, 8));
        this.cp.setPsw(vm, { conditionCode: 0 });
      },
      SCKC: (vm, d) => {
        vm.state.comparator = access.fetchDoubleword(vm, this.aligned(d.address, 8));
      },
      STCKC: (vm, d) => access.storeDoubleword(vm, this.aligned(d.address, 8), vm.state.comparator),
      SPT: (vm, d) =>
        this.cp.timers.setCpuTimer(
          vm,
          BigInt.asIntN(64, access.fetchDoubleword(vm, this.aligned(d.address, 8))),
        ),
      STPT: (vm, d) => access.storeDoubleword(vm, this.aligned(d.address, 8), this.cp.timers.cpuTimer(vm)),
      STIDP: (vm, d) => this.storeCpuId(vm, d),
      STAP: (vm, d) => {
        if ((d.address & 1) !== 0) guestFault(SPECIFICATION);
        access.store(vm, d.address, [0, 0]);
      },
      DIAG: (vm, d) => this.cp.diagnose.execute(vm, d),
      SIO: (vm, d) => this.setCode(vm, this.cp.virtualIo.startIo(vm, d.address & 0xffff)),
      SIOF: (vm, d) => this.setCode(vm, this.cp.virtualIo.startIo(vm, d.address & 0xffff)),
      TIO: (vm, d) => this.setCode(vm, this.cp.virtualIo.testIo(vm, d.address & 0xffff)),
      CLRIO: (vm, d) => this.setCode(vm, this.cp.virtualIo.clearIo(vm, d.address & 0xffff)),
      HIO: (vm, d) => this.setCode(vm, this.cp.virtualIo.haltDevice(vm, d.address & 0xffff)),
      HDV: (vm, d) => this.setCode(vm, this.cp.virtualIo.haltDevice(vm, d.address & 0xffff)),
      TCH: (vm, d) => this.setCode(vm, this.cp.virtualIo.testChannel(vm, d.address & 0xffff)),
      STIDC: (vm, d) => this.setCode(vm, this.cp.virtualIo.storeChannelId(vm, d.address & 0xffff)),
    };
  }

  private setCode(vm: VirtualMachine, conditionCode: number): void {
    this.cp.setPsw(vm, { conditionCode });
  }

  private aligned(address: number, bytes: 4 | 8): number {
    if ((address & (bytes - 1)) !== 0) guestFault(SPECIFICATION);
    return address;
  }

  private loadPsw(vm: VirtualMachine, d: Decoded): void {
    const at = this.aligned(d.address, 8);
    const psw = unpackPsw(this.access.fetchWord(vm, at), this.access.fetchWord(vm, at + 4));
    // The specification exception of an invalid PSW belongs to no instruction.
    if (!psw.valid) vm.state.instructionBytes = 0;
    this.cp.loadVirtualPsw(vm, psw);
  }

  private setSystemMask(vm: VirtualMachine, d: Decoded): void {
    if ((vm.state.cr[0]! & SSM_SUPPRESSION) !== 0) guestFault(SPECIAL_OPERATION);
    this.changeMask(vm, this.access.fetch(vm, d.address, 1)[0]!);
  }
  private storeThen(vm: VirtualMachine, d: Decoded, mask: number): void {
    this.access.store(vm, d.address, [vm.state.psw.systemMask]);
    this.changeMask(vm, mask);
  }
  /** Loads the PSW again with another system mask. */
  changeMask(vm: VirtualMachine, systemMask: number): void {
    const valid = !vm.state.psw.extendedControl || (systemMask & 0xb8) === 0;
    this.cp.loadVirtualPsw(vm, { ...vm.state.psw, systemMask, valid });
  }

  private loadControl(vm: VirtualMachine, d: Decoded): void {
    const at = this.aligned(d.address, 4);
    const count = ((d.r3 - d.r1) & 15) + 1;
    const values = Array.from({ length: count }, (_, i) => this.access.fetchWord(vm, (at + 4 * i) & MASK24));
    values.forEach((value, i) => {
      this.setControl(vm, (d.r1 + i) & 15, value);
    });
  }
  /** Loads a virtual control register; shadow tables follow a change of the guest's translation. */
  setControl(vm: VirtualMachine, register: number, value: number): void {
    const before = vm.state.cr[register]!;
    vm.state.cr[register] = value;
    const changed = (before ^ value) | 0;
    if ((register === 0 && (changed & FORMAT_BITS) !== 0) || (register === 1 && changed !== 0))
      this.cp.shadows.purge(vm);
  }
  private storeControl(vm: VirtualMachine, d: Decoded): void {
    const at = this.aligned(d.address, 4);
    const count = ((d.r3 - d.r1) & 15) + 1;
    const bytes: number[] = [];
    for (let i = 0; i < count; i++) {
      const value = vm.state.cr[(d.r1 + i) & 15]!;
      bytes.push(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
    }
    this.access.store(vm, at, bytes);
  }

  private keyBlock(vm: VirtualMachine, d: Decoded): number {
    const value = vm.gr[d.r3]!;
    if ((value & 15) !== 0) guestFault(SPECIFICATION);
    return this.block(vm, value);
  }
  /** The block of guest-real storage that `address` lies in. */
  block(vm: VirtualMachine, address: number): number {
    const at = address & 0xfff800;
    if (at >= vm.storageSize) guestFault(ADDRESSING);
    return at;
  }
  private insertStorageKey(vm: VirtualMachine, d: Decoded): void {
    const key = vm.storageKey(this.keyBlock(vm, d));
    vm.gr[d.r1] = (vm.gr[d.r1]! & ~0xff) | (key & (vm.state.psw.extendedControl ? 0xfe : 0xf8));
  }
  private resetReferenceBit(vm: VirtualMachine, d: Decoded): void {
    const at = this.block(vm, d.address);
    const key = vm.storageKey(at);
    vm.changeStorageKey(at, key & ~0x04);
    this.setCode(vm, (key & 6) >> 1);
  }

  private loadRealAddress(vm: VirtualMachine, d: Decoded): void {
    const walk = this.cp.shadows.walk(vm, d.address);
    if ('real' in walk) {
      vm.gr[d.r1] = walk.real;
      this.setCode(vm, 0);
      return;
    }
    if (walk.code !== SEGMENT_TRANSLATION && walk.code !== PAGE_TRANSLATION) guestFault(walk.code, d.address);
    vm.gr[d.r1] = walk.at;
    this.setCode(vm, walk.lengthExceeded ? 3 : walk.code === SEGMENT_TRANSLATION ? 1 : 2);
  }

  /** STIDP: version X'FF' tells a program that it runs in a virtual machine, as VM/370 does. */
  private storeCpuId(vm: VirtualMachine, d: Decoded): void {
    const model = vm.modelNumber;
    this.access.store(vm, this.aligned(d.address, 8), [0xff, 0, 0, 1, model >> 8, model & 0xff, 0, 0]);
  }
}
