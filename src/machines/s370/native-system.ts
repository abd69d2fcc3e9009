/** The real machine's side of `System370`: each operation does to the processor what its instruction does. */
import { account, type Account } from '../../accounting/vocabulary.ts';
import type { AssistLevel } from './assist/vm-assist.ts';
import type { Host } from './cpu.ts';
import type { S370 } from './machine.ts';
import type { CostClass } from './models.ts';
import type { Psw } from './psw.ts';
import { BLOCK_SHIFT, KEY_CHANGE, KEY_REFERENCE } from './storage.ts';
import type { System370 } from './system.ts';

const TRAP = account('hardware', 'trap');

export class NativeSystem implements System370 {
  readonly level = 0;
  private readonly machine: S370;

  constructor(machine: S370) {
    this.machine = machine;
  }

  private get cpu() {
    return this.machine.cpu;
  }
  get storageSize(): number {
    return this.cpu.storage.size;
  }
  get clock(): number {
    return this.cpu.clock;
  }
  get cyclePicoseconds(): number {
    return this.cpu.model.cyclePicoseconds;
  }
  get cyclesPerInstruction(): number {
    return this.cpu.model.averageInstruction.cycles;
  }
  get modelNumber(): number {
    return this.cpu.model.modelNumber;
  }
  get gr(): Int32Array {
    return this.cpu.gr;
  }
  get fpr(): Uint32Array {
    return this.cpu.fpr;
  }

  /** Passes the cycles of one instruction of the host, which the open account bears. */
  private instruction(cost: CostClass): void {
    this.cpu.spend(this.cpu.costs[cost]);
  }

  private absolute(real: number, length: number): number {
    const at = this.cpu.absolute(real);
    if (at + length > this.storageSize)
      throw new Error(`host software reached ${real.toString(16)} of ${this.storageSize.toString(16)}`);
    return at;
  }

  fetch(real: number, length: number): Uint8Array {
    const at = this.absolute(real, length);
    return this.cpu.bytes.slice(at, at + length);
  }
  fetchWord(real: number): number {
    return this.cpu.view.getUint32(this.absolute(real, 4));
  }
  fetchHalf(real: number): number {
    return this.cpu.view.getUint16(this.absolute(real, 2));
  }
  store(real: number, bytes: ArrayLike<number>): void {
    this.cpu.storage.write(this.absolute(real, bytes.length), bytes);
  }
  storeWord(real: number, value: number): void {
    const at = this.absolute(real, 4);
    this.cpu.view.setInt32(at, value);
    this.cpu.storage.dirty[at >>> BLOCK_SHIFT] = 1;
  }
  storeHalf(real: number, value: number): void {
    const at = this.absolute(real, 2);
    this.cpu.view.setInt16(at, value);
    this.cpu.storage.dirty[at >>> BLOCK_SHIFT] = 1;
  }

  loadPsw(psw: Psw): void {
    this.instruction('status');
    this.cpu.setPsw(psw);
  }
  loadControl(first: number, values: readonly number[]): void {
    this.instruction('multiple');
    values.forEach((value, i) => {
      this.cpu.setControl((first + i) & 15, value);
    });
  }
  setStorageKey(real: number, key: number): void {
    this.instruction('control');
    this.cpu.setKey(this.absolute(real, 1), key);
  }
  insertStorageKey(real: number): number {
    this.instruction('control');
    return this.cpu.storage.keys[this.absolute(real, 1) >>> BLOCK_SHIFT]!;
  }
  resetReferenceBit(real: number): number {
    this.instruction('control');
    const at = this.absolute(real, 1);
    const key = this.cpu.storage.keys[at >>> BLOCK_SHIFT]!;
    this.cpu.setKey(at, key & ~KEY_REFERENCE);
    return (key & (KEY_REFERENCE | KEY_CHANGE)) >> 1;
  }
  purgeTlb(): void {
    this.instruction('control');
    this.cpu.purgeTranslationBuffer();
  }

  startIo(address: number): number {
    this.instruction('input-output');
    return this.machine.channels.startIo(address, false);
  }
  testIo(address: number): number {
    this.instruction('input-output');
    return this.machine.channels.testIo(address);
  }
  haltDevice(address: number): number {
    this.instruction('input-output');
    return this.machine.channels.haltDevice(address);
  }

  storeClock(): bigint {
    this.instruction('control');
    return this.cpu.clocks.tod;
  }
  setClockComparator(value: bigint): void {
    this.instruction('control');
    this.cpu.clocks.comparator = value;
    this.cpu.timingChanged();
  }
  setCpuTimer(value: bigint): void {
    this.instruction('control');
    this.cpu.clocks.cpuTimer = value;
    this.cpu.timingChanged();
  }

  attach(host: Host): void {
    this.machine.attach(host);
    this.enter(account('monitor', 'emulation', this.level));
  }
  work(account: Account, cycles: number): void {
    this.cpu.spend(cycles);
    this.cpu.ledger.charge(account, cycles);
  }
  enter(account: Account, guest?: { readonly kernel: Account; readonly user: Account }): void {
    this.cpu.ledger.enter(account);
    if (guest && this.cpu.assist) this.cpu.assist.block.accounts = [guest.kernel, guest.user];
  }
  get assistLevel(): AssistLevel {
    return this.cpu.assist?.level ?? 'none';
  }
  trapAndReturn(): void {
    this.work(TRAP, this.cpu.costs.interruption);
    this.instruction('status');
  }
}
