// What a model lacks is not there, and checks that QEMU leaves out are made.
import { describe, expect, test } from 'vitest';
import { setCr0 } from './control-registers.ts';
import { FLAG_AC } from './eflags.ts';
import { AC, DB, GP, NM, UD } from './exceptions.ts';
import { setFlags } from './flags.ts';
import { Pc } from './machine.ts';
import { DEFAULT_MODEL, MODELS } from './models.ts';
import { CR0_AM, CR0_EM, CR0_MP, CR0_PE, CR0_TS, EAX, EBX, EDX, FAULT } from './registers.ts';
import { setSegment } from './segments.ts';

const CODE = 0x1000;
const FLAT = [0xc093, 0xc09b, 0xc093, 0xc093, 0xc093, 0xc093] as const;

function flatPc(id = DEFAULT_MODEL.id): Pc {
  const pc = new Pc({ memory: 1 << 20, model: MODELS.find((model) => model.id === id)! });
  setCr0(pc.cpu, CR0_PE);
  FLAT.forEach((access, segment) => setSegment(pc.cpu, segment, 8, 0, 0xffffffff, access));
  return pc;
}

/** Executes one instruction; the vector of its exception, or −1. */
function execute(pc: Pc, ...code: readonly number[]): number {
  const { cpu } = pc;
  pc.load(CODE, code);
  cpu.eip = CODE;
  cpu.horizon = cpu.clock + 1e6;
  cpu.left = 1e6;
  try {
    cpu.executeOne();
    return -1;
  } catch (fault) {
    if (fault !== FAULT) throw fault;
    cpu.unwind();
    return cpu.faultVector;
  }
}

describe('a model', () => {
  test('has the instructions of its time and no others', () => {
    const there = (model: string, ...code: readonly number[]): boolean =>
      execute(flatPc(model), ...code) !== UD;
    const instructions: Readonly<Record<string, readonly number[]>> = {
      BSWAP: [0x0f, 0xc8],
      CPUID: [0x0f, 0xa2],
      RDTSC: [0x0f, 0x31],
      CMOVZ: [0x0f, 0x44, 0xc0],
      FCOMI: [0xdb, 0xf0],
      EMMS: [0x0f, 0x77],
      SYSENTER: [0x0f, 0x34],
      'MOV from CR4': [0x0f, 0x20, 0xe0],
    };
    const found = Object.fromEntries(
      ['i486', 'pentium', 'pentium3'].map((model) => [
        model,
        Object.keys(instructions).filter((name) => there(model, ...instructions[name]!)),
      ]),
    );
    expect(found).toEqual({
      i486: ['BSWAP'],
      pentium: ['BSWAP', 'CPUID', 'RDTSC', 'MOV from CR4'],
      pentium3: ['BSWAP', 'CPUID', 'RDTSC', 'CMOVZ', 'FCOMI', 'EMMS', 'SYSENTER', 'MOV from CR4'],
    });
  });

  test('tells its brand as its kind does: by text, by an index, or not at all', () => {
    const leaf = (id: string, number: number): number[] => {
      const pc = flatPc(id);
      pc.cpu.words[EAX] = number;
      execute(pc, 0x0f, 0xa2);
      return [...pc.cpu.words.slice(EAX, EBX + 1)];
    };
    const text = (words: readonly number[]): string =>
      String.fromCharCode(
        ...[words[0]!, words[3]!, words[1]!, words[2]!].flatMap((w) => [w & 255, (w >> 8) & 255]),
      );
    expect(text(leaf('core2', 0x80000002)).startsWith('In')).toBe(true);
    expect(leaf('pentium3', 1)[EBX]).toBe(2);
    expect(leaf('pentium', 1)[EBX]).toBe(0);
  });
});

describe('alignment check', () => {
  const checking = (): Pc => {
    const pc = flatPc();
    setCr0(pc.cpu, CR0_PE | CR0_AM);
    setFlags(pc.cpu, FLAG_AC, FLAG_AC);
    pc.cpu.words[EBX] = 0x2001;
    return pc;
  };

  test('refuses accesses beside their size at level 3', () => {
    const pc = checking();
    pc.cpu.setCpl(3);
    expect(execute(pc, 0x8b, 0x03)).toBe(AC); // MOV EAX,[EBX]
    expect(execute(pc, 0x8a, 0x03)).toBe(-1); // MOV AL,[EBX]
    expect(execute(pc, 0xdd, 0x43, 0x03)).toBe(AC); // FLD qword [EBX+3]: 8 bytes want a multiple of 8
    expect(execute(pc, 0xdd, 0x43, 0x07)).toBe(-1);
  });

  test('is nothing to levels below, or without AM', () => {
    expect(execute(checking(), 0x8b, 0x03)).toBe(-1);
    const pc = checking();
    setCr0(pc.cpu, CR0_PE);
    pc.cpu.setCpl(3);
    expect(execute(pc, 0x8b, 0x03)).toBe(-1);
  });
});

test('performance counters count instructions at the levels they are told', () => {
  const pc = flatPc();
  const { cpu } = pc;
  const write = (register: number, value: number): void => {
    [cpu.words[1], cpu.words[EAX], cpu.words[EDX]] = [register, value, 0];
    expect(execute(pc, 0x0f, 0x30)).toBe(-1);
  };
  write(0x186, 0x4200c0); // instructions retired, system, enabled
  write(0x187, 0x0100c0); // the same, user
  for (let k = 0; k < 5; k++) execute(pc, 0x90);
  cpu.setCpl(3);
  for (let k = 0; k < 3; k++) execute(pc, 0x90);
  cpu.setCpl(0);
  const read = (counter: number): number => {
    cpu.words[1] = counter;
    expect(execute(pc, 0x0f, 0x33)).toBe(-1);
    return cpu.words[EAX]!;
  };
  expect(read(1)).toBe(3);
  const before = read(0);
  expect(read(0) - before).toBe(1);
});

test('ARPL that has nothing to raise only reads its selector', () => {
  const pc = flatPc();
  setSegment(pc.cpu, 3, 8, 0, 0xffffffff, 0xc091); // DS read-only
  pc.cpu.words[EBX] = 0x2000;
  pc.load(0x2000, [0xf2, 0xff]);
  pc.cpu.words[EAX] = 2;
  expect(execute(pc, 0x63, 0x03)).toBe(-1);
  pc.cpu.words[EAX] = 3;
  expect(execute(pc, 0x63, 0x03)).toBe(GP);
});

test('an MSR that is not there is #GP, and so is a counter', () => {
  const pc = flatPc();
  pc.cpu.words[1] = 0x12345;
  expect(execute(pc, 0x0f, 0x32)).toBe(GP);
  expect(execute(pc, 0x0f, 0x33)).toBe(GP);
});

test('with general detect nobody reads a debug register', () => {
  const pc = flatPc();
  pc.cpu.words[EAX] = 0x2000;
  expect(execute(pc, 0x0f, 0x23, 0xf8)).toBe(-1); // MOV DR7,EAX
  expect(execute(pc, 0x0f, 0x21, 0xc0)).toBe(DB); // MOV EAX,DR0
  expect(execute(pc, 0x0f, 0x21, 0xc0)).toBe(-1); // the exception has switched it off
});

test('a unit that belongs to another task, or is not there, is #NM to x87 instructions; MMX is #UD without it', () => {
  const asked = (flags: number): number[] =>
    [[0xd9, 0xe8], [0x9b], [0x0f, 0x6f, 0xc1], [0x0f, 0x06]].map((code) => {
      const pc = flatPc();
      setCr0(pc.cpu, CR0_PE | flags);
      return execute(pc, ...code); // FLD1, WAIT, MOVQ MM0,MM1, CLTS
    });
  expect(asked(0)).toEqual([-1, -1, -1, -1]);
  expect(asked(CR0_TS)).toEqual([NM, -1, NM, -1]);
  expect(asked(CR0_TS | CR0_MP)).toEqual([NM, NM, NM, -1]);
  expect(asked(CR0_EM)).toEqual([NM, -1, UD, -1]);
});
