/**
 * A runtime configuration's filter of system calls as the classic BPF program that a runtime would load. OCI runtime
 * specification, config-linux.md, "Seccomp"; libseccomp's order: the first rule that fits says what happens.
 */
import type { RuntimeConfiguration } from './runtime-spec.ts';

export type Profile = NonNullable<NonNullable<RuntimeConfiguration['linux']>['seccomp']>;
type Rule = NonNullable<Profile['syscalls']>[number];
type Comparison = NonNullable<Rule['args']>[number];
/** Operation, jumps, and the constant: struct sock_filter. */
type Row = readonly [code: number, whenTrue: number, whenFalse: number, k: number];

const [LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_NOT_LESS, AND, RETURN] = [0x20, 0x15, 0x25, 0x35, 0x54, 0x06];
/** struct seccomp_data: number, architecture, instruction pointer, arguments of 64 bits. */
const [NUMBER, ARCHITECTURE, ARGUMENTS] = [0, 4, 16];
const AUDIT_ARCH_I386 = 0x40000003;
const EPERM = 1;

function actionOf(action: Profile['defaultAction'], errno: number | undefined): number {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
      return 0x7fff0000;
    case 'SCMP_ACT_LOG':
      return 0x7ffc0000;
    case 'SCMP_ACT_ERRNO':
      return 0x50000 | ((errno ?? EPERM) & 0xffff);
    case 'SCMP_ACT_TRAP':
      return 0x30000;
    // Nobody traces here, and nobody is told: the call is answered as if the tracer had gone.
    case 'SCMP_ACT_TRACE':
    case 'SCMP_ACT_NOTIFY':
      return 0x7ff00000;
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_THREAD':
      return 0;
    case 'SCMP_ACT_KILL_PROCESS':
      return 0x80000000;
  }
}

/** Rows that go on to the next one where a comparison holds, and over `rest` more where it does not. */
function comparison({ index, op, value, valueTwo = 0 }: Comparison, rest: number): readonly Row[] {
  const load: Row = [LOAD, 0, 0, ARGUMENTS + 8 * index];
  const k = value | 0;
  switch (op) {
    case 'SCMP_CMP_EQ':
      return [load, [JUMP_EQUAL, 0, rest, k]];
    case 'SCMP_CMP_NE':
      return [load, [JUMP_EQUAL, rest, 0, k]];
    case 'SCMP_CMP_GT':
      return [load, [JUMP_GREATER, 0, rest, k]];
    case 'SCMP_CMP_GE':
      return [load, [JUMP_NOT_LESS, 0, rest, k]];
    case 'SCMP_CMP_LT':
      return [load, [JUMP_NOT_LESS, rest, 0, k]];
    case 'SCMP_CMP_LE':
      return [load, [JUMP_GREATER, rest, 0, k]];
    case 'SCMP_CMP_MASKED_EQ':
      return [load, [AND, 0, 0, k], [JUMP_EQUAL, 0, rest, valueTwo | 0]];
  }
}

/** One call under one rule: its number must stand in the accumulator. */
function rowsFor(number: number, { action, errnoRet, args = [] }: Rule): readonly Row[] {
  const end: Row = [RETURN, 0, 0, actionOf(action, errnoRet) | 0];
  if (args.length === 0) return [[JUMP_EQUAL, 0, 1, number], end];
  // What follows a comparison that fails: the later comparisons, and RETURN.
  let after: readonly Row[] = [end];
  for (const each of args.toReversed()) after = [...comparison(each, after.length), ...after];
  // The number again, for the rows after this rule.
  return [[JUMP_EQUAL, 0, after.length, number], ...after, [LOAD, 0, 0, NUMBER]];
}

/**
 * @param numbers of the calls that the kernel knows, by name
 * @returns instructions of eight bytes, as seccomp(2) takes them
 */
export function compile(profile: Profile, numbers: ReadonlyMap<string, number>): Uint8Array {
  const otherwise = actionOf(profile.defaultAction, profile.defaultErrnoRet) | 0;
  const rules = (profile.syscalls ?? []).flatMap((rule) =>
    rule.names.flatMap((name) => {
      const number = numbers.get(name);
      return number === undefined ? [] : rowsFor(number, rule);
    }),
  );
  const rows: readonly Row[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, AUDIT_ARCH_I386],
    [RETURN, 0, 0, 0],
    [LOAD, 0, 0, NUMBER],
    ...rules,
    [RETURN, 0, 0, otherwise],
  ];
  const bytes = new Uint8Array(8 * rows.length);
  const view = new DataView(bytes.buffer);
  rows.forEach(([code, whenTrue, whenFalse, k], i) => {
    view.setUint16(8 * i, code, true);
    view.setUint8(8 * i + 2, whenTrue);
    view.setUint8(8 * i + 3, whenFalse);
    view.setInt32(8 * i + 4, k, true);
  });
  return bytes;
}
