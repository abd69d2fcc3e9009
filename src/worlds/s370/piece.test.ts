// A student's simulation of an instruction in the place of CP's, by what the guest sees of it.
import { afterAll, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../sandbox/contract.ts';
import { openSandbox } from '../../sandbox/sandbox.ts';
import { findSymbol } from '../../assembler/core/assembly.ts';
import { MAIN_FILE, S370World } from './world.ts';

const GUEST = ` START 0
 USING *,0
 DC A(0),A(MAIN)
 ORG *+96
 DC X'00020000',A(X'DEAD')
 ORG *+408
MAIN LA 1,MASK
 STNSM 0(1),X'0F'
 BC 8,GONE
 LPSW BAD
GONE LPSW GOOD
GOOD DC 0D'0',X'00020000',A(0)
BAD DC 0D'0',X'00020000',A(X'BAD')
MASK DC X'FF'
 END
`;

let sandbox: Sandbox | null = null;
afterAll(() => sandbox?.close());

async function run(source: string, levels = 1) {
  sandbox ??= await openSandbox();
  const { world, diagnostics } = S370World.create({
    storage: 0x10000,
    program: { kind: 'source', text: GUEST, file: MAIN_FILE },
    under: Array.from({ length: levels }, () => ({ name: 'cp' }) as const),
    pieces: { sandbox, sources: { STNSM: source } },
  });
  if (!world) return { stop: null, world, diagnostics };
  let stop = world.run(10_000);
  while (stop.kind === 'budget' && !world.guestEnd) stop = world.run(10_000);
  return { stop, world, diagnostics };
}
const maskOf = (world: S370World): number =>
  world.peek('', findSymbol(world.assembly!, 'MASK')!.value, 1)[0]!;

test.each([1, 2])('it does to the virtual machine what it says, under %i CP', async (levels) => {
  const { world } = await run(
    'function simulate(vm, { address, immediate }) { vm.store(address, [immediate]); vm.gr[5] = 7; }',
    levels,
  );
  expect(maskOf(world!)).toBe(0x0f);
  expect(world!.system.subjects[0]!.gr[5]).toBe(7);
  expect(world!.waitAddress).toBe(0);
});

test('what it changes in the PSW takes effect', async () => {
  const { world } = await run('function simulate(vm) { vm.psw.conditionCode = 2 }');
  expect(world!.waitAddress).toBe(0xbad);
});

test('it can interrupt the guest, and nothing that it changed before counts', async () => {
  const { world } = await run(
    'function simulate(vm) { vm.gr[5] = 7; try { vm.program(6) } catch {} vm.gr[6] = 7 }',
  );
  expect(world!.waitAddress).toBe(0xdead);
  expect(world!.system.subjects[0]!.gr[5]).toBe(0);
});

describe('a mistake', () => {
  test('in its text is a diagnostic, and there is no run', async () => {
    const { world, diagnostics } = await run('function simulate(vm) {');
    expect(world).toBe(null);
    expect(diagnostics).toMatchObject([{ span: { file: 'stnsm.js' }, severity: 'error' }]);
  });

  test.each([
    ['while it runs', 'function simulate(vm) {\n  vm.nothing.at();\n}', /line 2: TypeError/],
    ['that never ends', 'function simulate(vm) {\n  for (;;);\n}', /does not end/],
    ['in a value', 'function simulate(vm) { vm.gr[3] = "x" }', /vm\.gr\[3\] is no whole number/],
    [
      'in a limit',
      'function simulate(vm) { vm.psw.conditionCode = 4 }',
      /vm\.psw\.conditionCode is out of range: 4/,
    ],
  ])('%s ends the run with its reason', async (_, source, reason) => {
    const { stop, world } = await run(source);
    expect(stop).toMatchObject({ kind: 'check', reason: expect.stringMatching(reason) as string });
    expect(world!.problem).toMatchObject({ span: { file: 'stnsm.js' } });
    expect(world!.run(1000)).toEqual(stop);
  });
});
