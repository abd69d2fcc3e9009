import { expect, test } from 'vitest';
import { S370 } from '../machine.ts';
import { psw } from '../psw.ts';
import {
  ASSIST_ON,
  EXPANDED_ASSIST,
  MICCREG,
  MICRSEG,
  MICSWAP,
  MICVPSW,
  NO_KEY_ASSIST,
  NO_SVC_ASSIST,
  SYSTEM_360_ONLY,
  TIMER_ASSIST,
  VIRTUAL_PROBLEM_STATE,
} from './block.ts';
import type { AssistLevel } from './vm-assist.ts';

const BLOCK = 0x2000;
const SEGMENTS = 0x3000;
const PAGES = 0x3100;
const FRAME = 0x8000;

/** A machine in the problem state whose block describes a virtual machine of one page, at FRAME. */
function machineWith(level: AssistLevel, control: number): S370 {
  const machine = new S370({ storage: 0x10000, assist: level });
  const { cpu } = machine;
  const words: readonly (readonly [number, number])[] = [
    [BLOCK + MICRSEG, 0x0f00_0000 | SEGMENTS],
    [BLOCK + MICCREG, BLOCK + 0x100],
    [BLOCK + MICVPSW, BLOCK + 0x80],
    [BLOCK + MICSWAP, BLOCK + 0x200],
    [BLOCK + 0x80, 0x0008_0000], // virtual PSW: EC mode, supervisor state
    [BLOCK + 0x84, 0],
    [SEGMENTS, 0xf000_0000 | PAGES],
    [FRAME + 0x60, 0x0008_0000], // virtual new PSW of SVC
    [FRAME + 0x64, 0x200],
  ];
  for (const [at, word] of words) cpu.storeReal4(at, word);
  for (let page = 1; page < 16; page++) cpu.storeReal2(PAGES + 2 * page, 8);
  cpu.storeReal2(PAGES, FRAME >> 8);
  cpu.storeReal4(FRAME + 0x100, 0x0008_0000);
  cpu.storeReal4(FRAME + 0x104, 0x300);
  cpu.storeReal4(FRAME + 0x108, 0x7000_0000);
  machine.loadPsw(psw({ extendedControl: true, systemMask: 0x07, problemState: true }));
  cpu.cr[0] = 0x0080_0000;
  cpu.cr[1] = 0x0f00_0000 | SEGMENTS;
  cpu.cr[6] = control | BLOCK;
  return machine;
}

/** Instructions that the microcode can do here, and the bits of control register 6 that each obeys. */
const OPERATIONS = [
  ['LPSW', 0x8200_0100, 'vma', [VIRTUAL_PROBLEM_STATE]],
  ['SSM', 0x8000_0100, 'vma', [VIRTUAL_PROBLEM_STATE]],
  ['STNSM', 0xac00_0180, 'vma', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['STOSM', 0xad00_0180, 'vma', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['STCTL', 0xb600_0180, 'vma', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['SPKA', 0xb20a_0000, 'vma', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['IPK', 0xb20b_0000, 'vma', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['SVC', 0x0a05_0000, 'vma', [NO_SVC_ASSIST]],
  ['ISK', 0x0912_0000, 'vma', [VIRTUAL_PROBLEM_STATE, NO_KEY_ASSIST]],
  ['SSK', 0x0812_0000, 'vma', [VIRTUAL_PROBLEM_STATE, NO_KEY_ASSIST]],
  ['RRB', 0xb213_0000, 'vma', [VIRTUAL_PROBLEM_STATE, NO_KEY_ASSIST, SYSTEM_360_ONLY]],
  ['PTLB', 0xb20d_0000, 'ecps', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['SPT', 0xb208_0108, 'ecps', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['STPT', 0xb209_0180, 'ecps', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['SCKC', 0xb206_0108, 'ecps', [VIRTUAL_PROBLEM_STATE, SYSTEM_360_ONLY]],
  ['TCH', 0x9f00_0000, 'ecps', [VIRTUAL_PROBLEM_STATE]],
] as const;
const SWITCHES = [VIRTUAL_PROBLEM_STATE, NO_KEY_ASSIST, SYSTEM_360_ONLY, NO_SVC_ASSIST];

test.each(OPERATIONS)('%s is done where its bits of control register 6 allow it', (_, word, level, bits) => {
  const attempt = (has: AssistLevel, control: number): boolean =>
    machineWith(has, control).cpu.assist!.attempt(word | 0);
  const on = ASSIST_ON | EXPANDED_ASSIST;
  expect(attempt('ecps', on)).toBe(true);
  expect(attempt('vma', on)).toBe(level === 'vma');
  expect(attempt('ecps', ASSIST_ON)).toBe(level === 'vma');
  expect(attempt('ecps', EXPANDED_ASSIST)).toBe(false);
  expect(SWITCHES.filter((bit) => !attempt('ecps', on | bit))).toEqual(
    SWITCHES.filter((bit) => (bits as readonly number[]).includes(bit)),
  );
});

test('SVC 76 and what opens a mask while something pends are left to the control program', () => {
  const { cpu } = machineWith('vma', ASSIST_ON);
  expect(cpu.assist!.attempt(0x0a4c_0000)).toBe(false);
  cpu.storeReal4(BLOCK + 0x0c, 1);
  expect(cpu.assist!.attempt(0xad02_0180 | 0)).toBe(false);
  cpu.storeReal4(BLOCK + 0x0c, 0);
  expect(cpu.assist!.attempt(0xad02_0180 | 0)).toBe(true);
});

test('the virtual interval timer steps with the real one, and tells when it has run out', () => {
  const machine = machineWith('ecps', ASSIST_ON | EXPANDED_ASSIST | TIMER_ASSIST);
  const { cpu } = machine;
  cpu.storeReal4(FRAME + 0x50, 0x100);
  for (const ticks of [1, 2]) cpu.assist!.tick(ticks);
  expect(cpu.fetchReal(FRAME + 0x50, 4) | 0).toBe(-0x100);
  expect(cpu.clocks.cpuTimer < 0n).toBe(true);
  cpu.assist!.tick(2);
  expect(cpu.fetchReal(FRAME + 0x50, 4) | 0).toBe(-0x100);
});
