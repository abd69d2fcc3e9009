/** Sequences of IA-32 code that stand for single guest instructions. None changes flags but the instruction's own. */
import { DS, EAX, ECX } from '../../machines/pc/registers.ts';
import { doubleword, IN_ECX, type Emitter } from './emitter.ts';
import {
  FLAGS,
  HASH,
  LEAST,
  linear,
  LOADED,
  PENDING,
  PRIORITY,
  SAVED_EAX,
  SAVED_ECX,
  SOURCES,
  USABLE,
} from './layout.ts';

const GS = 0x65;
const SS = 0x36;
const FLAG_IF = 0x200;
/** What POPF of a kernel may change in silence: status flags, DF, IF, ID and the bit that is always 1. */
const SILENT = 0x200ed7;

/** Entered by an indirect jump with the guest address wanted in EAX: is it this one? */
export function prologue(e: Emitter, eip: number): void {
  e.put(0x8d, 0x88, ...doubleword(-eip)); // lea ecx, [eax - eip]
  e.put(0xe3, 2); // jecxz over the call-out
  e.callOut('miss', eip);
  e.restoreScratch();
}

/** The guest address in EAX, the two scratch registers saved: on to its translation. */
function dispatch(e: Emitter): void {
  e.put(0x0f, 0xb7, 0xc8); // movzx ecx, ax
  e.put(GS, 0xff, 0x24, 0x8d, ...doubleword(linear(HASH))); // jmp [gs: hash + 4 ecx]
}

export function nearReturn(e: Emitter, parameters: number): void {
  e.saveScratch();
  e.put(0x58); // pop eax
  if (parameters !== 0) e.put(0x8d, 0xa4, 0x24, ...doubleword(parameters)); // lea esp, [esp + parameters]
  dispatch(e);
}

/** @param operand prefixes, and ModRM with what follows it, of the guest's instruction */
export function indirectJump(e: Emitter, prefixes: readonly number[], operand: readonly number[]): void {
  e.saveScratch();
  loadTarget(e, prefixes, operand);
  dispatch(e);
}

export function indirectCall(
  e: Emitter,
  prefixes: readonly number[],
  operand: readonly number[],
  back: number,
): void {
  e.saveScratch();
  loadTarget(e, prefixes, operand);
  e.put(0x68, ...doubleword(back));
  dispatch(e);
}

/** MOV EAX from the same operand. */
function loadTarget(e: Emitter, prefixes: readonly number[], [modrm, ...rest]: readonly number[]): void {
  e.put(...prefixes, 0x8b, modrm! & 0xc7, ...rest);
}

// ---------------------------------------------------------------- the interrupt flag

export function clearInterruptFlag(e: Emitter, iopl: number): void {
  e.storeImmediate(FLAGS, iopl << 12);
}

export function setInterruptFlag(e: Emitter, iopl: number, next: number): void {
  e.storeImmediate(FLAGS, (iopl << 12) | FLAG_IF);
  takePending(e, next);
}

/** Calls out if an interrupt waits, whatever the flag is; `next` is the guest's next instruction. */
function takePending(e: Emitter, next: number): void {
  e.begin(next, false);
  e.store(SAVED_ECX, ECX);
  e.load(ECX, PENDING);
  e.saved(IN_ECX);
  e.put(0xe3, 9); // jecxz over the next two
  e.load(ECX, SAVED_ECX);
  e.callOut('interrupts', next);
  e.load(ECX, SAVED_ECX);
}

/** The flags that the processor pushes have IF 1 and IOPL 0; the guest's are added without touching any flag. */
export function pushFlags(e: Emitter): void {
  e.put(0x9c);
  e.saveScratch();
  e.put(SS, 0x8b, 0x04, 0x24); // mov eax, [ss: esp]
  e.load(ECX, FLAGS);
  e.put(0x8d, 0x84, 0x08, ...doubleword(-FLAG_IF)); // lea eax, [eax + ecx - 200h]
  e.put(SS, 0x89, 0x04, 0x24); // mov [ss: esp], eax
  e.restoreScratch();
}

/** What is popped replaces the flags anyway, so they are free until then. Changes of IOPL and traps call out. */
export function popFlags(e: Emitter, iopl: number, next: number): void {
  e.saveScratch();
  e.saveFlags();
  e.put(SS, 0x8b, 0x04, 0x24); // mov eax, [ss: esp]
  e.put(0x35, ...doubleword(iopl << 12)); // xor eax, iopl
  e.put(0xa9, ...doubleword(~SILENT)); // test eax, what may not change in silence
  e.put(0x74, 0); // jz
  const silent = e.at;
  e.restoreFlags();
  e.restoreScratch();
  e.callOut('emulate');
  e.bytes[silent - 1] = e.at - silent;
  e.put(0x25, ...doubleword(FLAG_IF)); // and eax, 200h
  e.put(0x0d, ...doubleword(iopl << 12)); // or eax, iopl
  e.store(FLAGS, EAX);
  e.restoreScratch();
  e.put(0x9d); // popf, which at level 1 leaves IF and IOPL alone
  takePending(e, next);
}

// ---------------------------------------------------------------- the task priority

/** What an instruction stores: the value of a register, or a constant. */
export type Stored = { readonly register: number } | { readonly immediate: number };

/**
 * Sets the task priority in the state. A priority less than the APIC has been told calls out, and so does any if DS has
 * been loaded since the monitor looked at it.
 */
export function storePriority(e: Emitter, stored: Stored): void {
  e.saveScratch();
  if ('immediate' in stored)
    e.put(0xb9, ...doubleword(stored.immediate & 0xff)); // mov ecx, immediate
  else {
    e.put(0x89, 0xc1 | (stored.register << 3)); // mov ecx, register
    e.put(0x0f, 0xb6, 0xc9); // movzx ecx, cl
  }
  e.saveFlags();
  e.put(GS, 0x83, 0x3d, ...doubleword(linear(LOADED + 4 * DS)), 0); // cmp [gs: loaded], 0
  e.put(0x75, 0); // jnz
  const loaded = e.at;
  e.put(GS, 0x3b, 0x0d, ...doubleword(linear(LEAST))); // cmp ecx, [gs: least]
  e.put(0x73, 0); // jae
  const silent = e.at;
  e.bytes[loaded - 1] = e.at - loaded;
  e.restoreFlags();
  e.restoreScratch();
  e.callOut('emulate');
  e.bytes[silent - 1] = e.at - silent;
  e.store(PRIORITY, ECX);
  e.restoreFlags();
  e.restoreScratch();
}

// ---------------------------------------------------------------- segment registers

/** Where the selector comes from: a register, or the top of the stack. */
export type SelectorSource = number | 'stack';

/**
 * Loads DS, ES or FS from the shadow table if the guest's descriptor is still what the shadow was made from; else it
 * calls out.
 */
export function loadSegment(e: Emitter, segment: number, source: SelectorSource, gdtBase: number): void {
  const selector = (): void => {
    if (source === 'stack')
      e.put(SS, 0x0f, 0xb7, 0x0c, 0x24); // movzx ecx, word [ss: esp]
    else if (source === EAX) e.put(GS, 0x0f, 0xb7, 0x0d, ...doubleword(linear(SAVED_EAX)));
    else if (source === ECX) e.put(GS, 0x0f, 0xb7, 0x0d, ...doubleword(linear(SAVED_ECX)));
    else e.put(0x0f, 0xb7, 0xc8 | source); // movzx ecx, source
  };
  const slow: number[] = [];
  const unless = (condition: number): void => {
    e.put(0x0f, condition, 0, 0, 0, 0);
    slow.push(e.at);
  };
  e.saveScratch();
  e.saveFlags();
  selector();
  e.put(GS, 0x80, 0xb9, ...doubleword(linear(USABLE)), 0); // cmp byte [gs: usable + ecx], 0
  unless(0x84);
  e.put(0x81, 0xe1, ...doubleword(0xfff8)); // and ecx, fff8h
  for (const half of [0, 4]) {
    e.put(GS, 0x8b, 0x81, ...doubleword(gdtBase + half)); // mov eax, [gs: table + ecx]
    e.put(GS, 0x3b, 0x81, ...doubleword(linear(SOURCES) + half)); // cmp eax, [gs: sources + ecx]
    unless(0x85);
  }
  selector();
  e.put(0x8e, 0xc1 | (segment << 3)); // mov segment, cx
  e.put(0x8d, 0x89, ...doubleword(0x10000)); // lea ecx, [ecx + 10000h]
  e.store(LOADED + 4 * segment, ECX);
  e.restoreFlags();
  e.restoreScratch();
  e.saved(0);
  if (source === 'stack') e.put(0x8d, 0x64, 0x24, 4); // lea esp, [esp + 4]
  e.put(0xeb, 0);
  const done = e.at;
  for (const from of slow) {
    const distance = doubleword(e.at - from);
    distance.forEach((byte, k) => (e.bytes[from - 4 + k] = byte));
  }
  e.restoreFlags();
  e.restoreScratch();
  e.callOut('emulate');
  e.bytes[done - 1] = e.at - done;
}
