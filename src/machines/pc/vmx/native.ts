/** The real machine's side of `VmxOperations`: each does what its instruction does, at its cost. */
import type { Cpu } from '../cpu.ts';
import type { VmxOperations } from '../system.ts';
import { enterGuest, refusal } from './entry.ts';
import type { FieldName } from './fields.ts';
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

  on(region: number): void {
    this.cpu.vmx.on = true;
    this.cpu.vmx.region = region;
  }
  loadPointer(vmcs: number): void {
    new Vmcs(this.cpu, vmcs).launched = false;
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
  enter(launch: boolean): boolean {
    const vmcs = this.current;
    const error = refusal(this.cpu, vmcs, launch);
    if (error === 0) enterGuest(this.cpu, vmcs, launch);
    else vmcs.set('INSTRUCTION_ERROR', error);
    return error === 0;
  }
}
