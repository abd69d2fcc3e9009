/**
 * Hypervisors that write nonsense into their VMCS, or beside it, in a virtual machine under VT-x: whatever they ask for,
 * the hypervisor beneath goes on, every cycle has an account, and nothing of its memory is theirs.
 */
import { readFileSync } from 'node:fs';
import { assembleIa32 } from '../../src/assembler/ia32/assemble.ts';
import { seededRandom, type Random } from '../../src/base/random.ts';
import { SKYLAKE } from '../../src/machines/pc/models/skylake.ts';
import { FIELDS } from '../../src/machines/pc/vmx/fields.ts';
import { readyPc } from '../../src/worlds/pc/build.ts';

const HYPERVISOR = readFileSync('labs/+shared/pc/vmx/hypervisor.s', 'utf8');
const ORIGIN = 0x100000;
const MEMORY = 4 << 20;
const LIMIT = 2e7;
/** Where its VMXON region, VMCS and page directory are, and beyond. */
const REGIONS = [0x200000, 0x201000, 0x202000, MEMORY, MEMORY + 0x1000, MEMORY + 0x4000, 0xfee00000, 0xb8000];

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]!;

function number(random: Random): string {
  const value = pick(random, [
    () => random.word(),
    () => 2 ** random.below(32),
    () => random.below(16),
    () => 0xffffffff,
    () => pick(random, REGIONS) | random.below(2),
    () => random.below(0x10000),
  ])();
  return String(value >>> 0);
}

/** One thing that a hypervisor had better not do. */
function nonsense(random: Random): string[] {
  const field = (): number => (random.below(8) === 0 ? random.below(0x7000) : pick(random, FIELDS).encoding);
  return pick(random, [
    () => [`mov edx, ${field()}`, `mov eax, ${number(random)}`, 'vmwrite edx, eax'],
    () => [`mov edx, ${field()}`, 'vmread eax, edx'],
    () => [
      `mov edx, ${field()}`,
      `mov ecx, ${random.below(32)}`,
      'vmread eax, edx',
      'btc eax, ecx',
      'vmwrite edx, eax',
    ],
    () => [
      `mov dword [vmcs_pointer], ${number(random)}`,
      pick(random, ['vmclear', 'vmptrld']) + ' qword [vmcs_pointer]',
    ],
    () => ['vmptrst qword [maker]'],
    () => [`mov eax, ${random.below(5)}`, pick(random, ['invept', 'invvpid']) + ' eax, [selectors]'],
    () => [`mov dword [${0x201000 + 4 * random.below(256)}], ${number(random)}`],
    () => [`mov ecx, ${number(random)}`, pick(random, ['rdmsr', 'cpuid', 'in al, dx'])],
    () => [
      pick(random, ['vmlaunch', 'vmresume', 'vmxoff', 'vmcall', 'vmxon qword [vmxon_pointer]', 'hlt', 'sti']),
    ],
  ])();
}

/** The hypervisor with nonsense before it enters its guest, in the handler of exits, and in the guest. */
export function hostileHypervisor(seed: number): string {
  const random = seededRandom(seed);
  const some = (): string =>
    Array.from({ length: random.below(4) }, () => nonsense(random).join('\n')).join('\n');
  return HYPERVISOR.replace(/^ +vmlaunch/m, (line) => `${some()}\n${line}`)
    .replace('on_exit:\n        pusha', `on_exit:\n        pusha\n${some()}`)
    .replace('guest:  xor eax, eax', `guest:\n${some()}\n xor eax, eax`);
}

/** What went wrong, or null. */
export function harmByHypervisor(seed: number): string | null {
  const assembly = assembleIa32(hostileHypervisor(seed), { file: 'guest', origin: ORIGIN });
  if (!assembly.ok) throw new Error(assembly.diagnostics[0]?.message ?? 'the guest cannot be assembled');
  const built = readyPc({
    ...{ memory: MEMORY, model: SKYLAKE, under: 'vmx' },
    program: {
      kind: 'flat',
      images: assembly.segments.map(({ address, bytes }) => ({ at: address, bytes })),
      entry: assembly.entry,
    },
  });
  if (typeof built === 'string') throw new Error(built);
  const { machine, monitor } = built;
  // Its extended tables, which nobody changes once they are there.
  const tables = (): string => machine.cpu.bytes.subarray(MEMORY + 0x3000, MEMORY + 0x7000).join();
  const before = tables();
  try {
    while (machine.clock < LIMIT) {
      const stop = monitor!.end(machine.run(1e6));
      if (stop.kind === 'shutdown' && !/triple fault|VMX abort/.test(stop.reason)) return stop.reason;
      if (stop.kind !== 'budget') break;
    }
  } catch (error) {
    return String(error instanceof Error ? error.stack : error);
  }
  if (machine.ledger.total !== machine.clock) return 'the ledger does not add up to the clock';
  return tables() === before ? null : 'the tables of the hypervisor have changed';
}
