import { expect, test } from 'vitest';
import { formattedImage } from '../../machines/s370/devices/ckd-image.ts';
import { GEOMETRY_3330 } from '../../machines/s370/devices/disk-3330.ts';
import { seededRandom } from '../../base/random.ts';
import { DIRECTORY, ioProgram, TestSystem } from './testing.ts';

const system = (): TestSystem => {
  const s = new TestSystem({ directory: DIRECTORY, disks: { 0x130: formattedImage(GEOMETRY_3330, 1024) } });
  s.type('LOGON ALICE');
  return s;
};

function run(
  ccws: string,
  device = 0x191,
  budget = 20_000_000,
): { end: number; status: number; s: TestSystem } {
  const s = system();
  const vm = s.load('ALICE', ioProgram(device, ccws));
  s.type('BEGIN', 0, budget);
  return { end: vm.state.psw.instructionAddress, status: vm.fetchHalf(0x44), s };
}
const PROGRAM_CHECK = 0x20;

test.each([
  ['data beyond virtual storage', "      CCW   X'06',X'FFFFF0',X'20',100"],
  ['an indirect address beyond virtual storage', "      CCW   X'06',LIST,X'24',100\nLIST  DC    X'00FFF000'"],
  [
    'an indirect address with a nonzero first byte',
    "      CCW   X'06',LIST,X'24',100\nLIST  DC    X'01001000'",
  ],
  ['a list on no word boundary', "      CCW   X'06',LIST+1,X'24',100\nLIST  DC    2F'4096'"],
  ['a TIC beyond virtual storage', "      CCW   X'03',0,X'60',1\n      CCW   X'08',X'FFFFF8',0,0"],
  ['a TIC to a TIC', "      CCW   X'03',0,X'60',1\nT     CCW   X'08',T,0,0"],
  ['a chain that runs into nothing', "      CCW   X'03',0,X'60',1"],
])('%s is the guest’s own program check, on disk and console', (_, ccws) => {
  for (const device of [0x191, 0x009]) {
    const { status } = run(ccws, device);
    // A console that does not know the command says so first.
    const rejected = (status & 0x0200) !== 0;
    expect([device, rejected || (status & PROGRAM_CHECK) !== 0]).toEqual([device, true]);
  }
});

test('a chain at the very end of storage does not run on into CP', () => {
  const s = system();
  const vm = s.load('ALICE', ioProgram(0x191, "      CCW   X'03',0,0,1"));
  // The last doubleword of storage: no-operation, chained to where nothing is.
  vm.store(vm.storageSize - 8, [3, 0, 0, 0, 0x60, 0, 0, 1]);
  vm.store(0x102, [0x10, 0x00]);
  vm.store(0x100, [0x58, 0x10, 0x0f, 0x00]);
  vm.storeWord(0xf00, vm.storageSize - 8);
  s.type('BEGIN');
  expect(vm.fetchHalf(0x44) & PROGRAM_CHECK).toBe(PROGRAM_CHECK);
});

test('a channel program without end holds up neither CP nor another user, and HDV ends it', () => {
  const { s } = run("L     CCW   X'03',0,X'60',1\n      CCW   X'08',L,0,0", 0x191, 3_000_000);
  expect(s.type('#CP QUERY USERID', 0, 3_000_000)).toBe('ALICE');
  expect(s.type('LOGON BOB', 1, 3_000_000)).toMatch(/^LOGON AT/);
  s.type('#CP SYSTEM RESET', 0, 5_000_000);
  s.type('#CP LOGOFF', 0, 20_000_000);
  expect(s.cp.machines[0]!.state.segmentTable).toBe(-1);
});

test('a program-interruption loop and an external loop end in CP', () => {
  const s = system();
  const loop = s.load(
    'ALICE',
    "P     START 0\n      DC    X'00000000',A(X'101')\n      ORG   P+X'68'\n      DC    X'00000000',A(X'101')\n      END\n",
  );
  expect(s.type('BEGIN')).toBe('DMKDSP453W CP ENTERED; PROGRAM INTERRUPT LOOP');
  expect(loop.state.stopped).toBe(true);
  s.load(
    'ALICE',
    `
P     START 0
      USING P,0
      DC    X'00000000',A(GO)
      ORG   P+X'50'
      DC    X'7FFFFF00'
      ORG   P+X'58'
      DC    X'01020000',A(X'200')
      ORG   P+X'100'
GO    LCTL  0,0,CR0
      SPT   NEG
      LPSW  WAIT
      DS    0D
NEG   DC    X'FFFFFFFF00000000'
WAIT  DC    X'01020000',A(0)
CR0   DC    X'00000400'
      END
`,
  );
  expect(s.type('BEGIN')).toBe('DMKDSP452W CP ENTERED; EXTERNAL INTERRUPT LOOP');
});

test('thousands of random programs, CCWs and DIAGNOSEs never break CP', () => {
  const random = seededRandom(1972);
  const s = system();
  const vm = s.user('ALICE');
  const privileged = [
    0x82, 0x80, 0x83, 0x9c, 0x9d, 0x9e, 0x9f, 0xb2, 0xb6, 0xb7, 0xac, 0xad, 0x08, 0x09, 0xb1, 0x44, 0x0a,
  ];
  for (let round = 0; round < 300; round++) {
    for (let at = 0; at < 0x600; at++) vm.store(at, [random.below(256)]);
    // Instructions that trap, at random addresses and devices; CCWs that are nearly right.
    for (let at = 0x200; at < 0x400; at += 4) {
      const opcode = privileged[random.below(privileged.length)]!;
      const half =
        random.below(4) === 0 ? [0x191, 0x009, 0x00c, 0x00d, 0x00e][random.below(5)]! : random.below(0x1000);
      vm.store(at, [opcode, random.below(256), (random.below(4) << 4) | (half >> 8), half & 255]);
    }
    for (let at = 0x400; at < 0x600; at += 8) {
      const command = [0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x13, 0x1b, 0x1f, 0x31, 0x01][
        random.below(14)
      ]!;
      const address = random.below(3) === 0 ? random.below(0x1000000) : 0x400 + 8 * random.below(64);
      vm.store(at, [command, address >> 16, (address >> 8) & 255, address & 255]);
      vm.store(at + 4, [random.below(256) & 0xfc, 0, random.below(2), random.below(40)]);
    }
    vm.storeWord(0x48, (random.below(3) << 28) | (0x400 + 8 * random.below(64)));
    for (const at of [0x58, 0x60, 0x68, 0x70, 0x78]) {
      vm.storeWord(at, random.below(2) === 0 ? 0 : random.below(256) << 24);
      vm.storeWord(at + 4, 0x200 + 4 * random.below(128));
    }
    for (let r = 0; r < 16; r++)
      vm.gr[r] = random.below(3) === 0 ? random.below(0x7fffffff) : 0x400 + 8 * random.below(64);
    vm.state.psw = {
      ...vm.fetchPsw(0),
      instructionAddress: 0x200,
      valid: true,
      wait: false,
      problemState: false,
    };
    vm.state.stopped = false;
    vm.state.deferred = null;
    expect(() => {
      s.cp.dispatcher.dispatch();
      s.machine.run(30_000);
    }).not.toThrow();
    s.cp.resetMachine(vm);
    vm.state.stopped = true;
    s.machine.run(300_000);
  }
  s.run(200_000_000);
  expect(vm.state.pages.every((page) => page.locks === 0)).toBe(true);
  expect(s.type('QUERY USERID', 0, 200_000_000)).toContain('ALICE');
});

test('a machine check ends the machine that executed, tells why, and leaves the others running', () => {
  const s = system();
  s.type('LOGON BOB', 1);
  const spin = `
P     START 0
      DC    X'00000000',A(GO)
      ORG   P+X'100'
GO    BALR  12,0
      USING *,12
LOOP  LA    3,1(3)
      B     LOOP
      END
`;
  const [alice, bob] = ['ALICE', 'BOB'].map((name) => s.load(name, spin));
  s.type('BEGIN');
  s.type('BEGIN', 1);
  for (let tries = 0; s.cp.executing !== alice && tries < 10_000; tries++) s.machine.run(1000);
  s.machine.fail({ damage: 'instruction-processing' });
  const done = bob!.state.gr[3]!;
  s.machine.run(5_000_000);
  expect(alice!.state).toMatchObject({ stopped: true });
  expect([...alice!.state.gr]).toEqual(Array(16).fill(0));
  expect(bob!.state.stopped).toBe(false);
  expect(bob!.state.gr[3]).toBeGreaterThan(done);
  expect(s.type('D G3')).toBe('DMKMCH616I MACHINE CHECK; USER ALICE TERMINATED\nGPR  3 =  00000000');
});
