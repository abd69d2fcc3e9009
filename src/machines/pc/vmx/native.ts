/** The real machine's side of `VmxOperations`: each does what its instruction does, at its cost. */
import type { Cpu } from '../cpu.ts';
import type { VmxOperations } from '../system.ts';
import { tryEntry } from './entry.ts';
import type { FieldName } from './fields.ts';
import { enterOperation, mayEnterOperation } from './operation.ts';
import { flushExtended, flushSpace } from './spaces.ts';
import { NO_VMCS } from './unit.ts';
import { Vmcs } from './vmcs.ts';

export class NativeVmx implements VmxOperations {
  private readonly cpu: Cpu;

  constructor(cpu: Cpu) {
    this.cpu = cpu;
  }

  private get current(): Vmcs {
    return new Vmcs(this.cpu, this.cpu.vmx.current);
  }
  private access(): void {
    this.cpu.spend(this.cpu.model.vmx!.access.cycles);
  }

  /** Passes the cycles of an instruction that lets all others before it end first. */
  private serialize(): void {
    this.cpu.spend(this.cpu.costs.serialize);
  }

  on(region: number): boolean {
    this.serialize();
    return mayEnterOperation(this.cpu) && enterOperation(this.cpu, region, 0);
  }
  clear(vmcs: number): void {
    this.serialize();
    new Vmcs(this.cpu, vmcs).launched = false;
    if (this.cpu.vmx.current === vmcs) this.cpu.vmx.current = NO_VMCS;
  }
  loadPointer(vmcs: number): void {
    this.serialize();
    this.cpu.vmx.current = vmcs;
  }
  read(field: FieldName): number {
    this.access();
    return this.current.get(field);
  }
  write(field: FieldName, value: number): void {
    this.access();
    this.current.set(field, value);
  }
  writeHigh(field: FieldName, value: number): void {
    this.access();
    this.current.setHigh(field, value);
  }
  enter(launch: boolean): boolean {
    const vmcs = this.current;
    const error = tryEntry(this.cpu, vmcs, launch);
    if (error !== 0) vmcs.set('INSTRUCTION_ERROR', error);
    return error === 0;
  }
  forgetSpace(vpid: number): void {
    this.cpu.spend(this.cpu.costs['page-invalidate']);
    flushSpace(this.cpu, vpid);
  }
  forgetExtended(pointer: number): void {
    this.cpu.spend(this.cpu.costs['page-invalidate']);
    flushExtended(this.cpu, pointer);
  }
}
