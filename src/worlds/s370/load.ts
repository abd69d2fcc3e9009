/** Brings the guest's program into a world: assembles it, finds where it begins, loads it. */
import { assembleS370 } from '../../assembler/s370/assemble.ts';
import type { Assembly } from '../../assembler/core/assembly.ts';
import type { Diagnostic } from '../../base/diagnostics.ts';
import type { Fellow, Program } from './configuration.ts';
import type { System } from './system.ts';

const PSW_LENGTH = 8;

/** A grading runs the same source several times, and every student's system has the same fellow users. */
const MOST_RECENT = 16;
const recent = new Map<string, Assembly>();

/** The assembly of a source that needs no other text: of the latest ones the same object, which nobody changes. */
export function assembled(text: string, file: string): Assembly {
  const key = `${file}\0${text}`;
  const assembly = recent.get(key) ?? assembleS370(text, { file });
  recent.delete(key);
  recent.set(key, assembly);
  const [oldest] = recent.keys();
  if (recent.size > MOST_RECENT && oldest !== undefined) recent.delete(oldest);
  return assembly;
}

/** A program ready to be loaded, or the mistakes in it. */
export interface Prepared {
  readonly program: Program;
  readonly assembly: Assembly | null;
  readonly diagnostics: readonly Diagnostic[];
}

export function prepare(program: Program, storage: number): Prepared {
  if (program.kind !== 'source') return { program, assembly: null, diagnostics: [] };
  const { text, file, copy } = program;
  const assembly = copy ? assembleS370(text, { file, copy }) : assembled(text, file);
  const tooHigh = assembly.segments.find(({ address, bytes }) => address + bytes.length > storage);
  if (!tooHigh) return { program, assembly, diagnostics: assembly.diagnostics };
  const end = (tooHigh.address + tooHigh.bytes.length).toString(16).toUpperCase();
  const problem: Diagnostic = {
    severity: 'error',
    span: { file, line: 1, column: 1, endColumn: 1 },
    message: `the program ends at ${end}, beyond the ${storage / 1024} K of storage`,
    hint: 'give the machine more storage, or START the program lower',
  };
  return { program, assembly, diagnostics: [...assembly.diagnostics, problem] };
}

/** The PSW a source begins with: its own data at location 0 if it has any there, else supervisor state at its entry. */
export function initialPsw(assembly: Assembly): readonly [number, number] {
  const first = assembly.sourceMap[0];
  const atZero = assembly.segments.find(({ address }) => address === 0);
  if (first?.address === 0 && first.kind === 'data' && atZero && atZero.bytes.length >= PSW_LENGTH) {
    const view = new DataView(atZero.bytes.buffer, atZero.bytes.byteOffset);
    return [view.getUint32(0), view.getUint32(4)];
  }
  return [0, assembly.entry];
}

/** A fellow user's guest, which comes with the lab: a mistake in it is ours. */
export function assembleFellow({ name, source }: Fellow): Assembly {
  const assembly = assembled(source, name);
  const [first] = assembly.diagnostics;
  if (!assembly.ok) throw new Error(`guest of ${name}: ${first?.message ?? 'does not assemble'}`);
  return assembly;
}

/** Loads into `system`; '' or why the load key failed. */
export function loadProgram({ program, assembly }: Prepared, system: System): string {
  if (program.kind === 'ipl') return system.ipl(program.device);
  if (program.kind === 'core') {
    const failure = system.load(program.images);
    if (failure === '') system.begin(program.psw);
    return failure;
  }
  if (!assembly) throw new Error('a source was not assembled before it was loaded');
  const failure = system.load(assembly.segments);
  if (failure === '') system.begin(program.psw ?? initialPsw(assembly));
  return failure;
}
