/** Where the registers of a translator's guest are while it runs: in the processor, in the monitor's memory, or virtual. */
import { hex } from '../../base/bits.ts';
import type { Cpu } from '../../machines/pc/cpu.ts';
import { FLAG_RF, STATUS_FLAGS } from '../../machines/pc/eflags.ts';
import { getFlags } from '../../machines/pc/flags.ts';
import { CS, DS, EAX, ECX, EFLAGS, ES, FS } from '../../machines/pc/registers.ts';
import { pointAt } from '../../monitors/translator/cache.ts';
import { IN_EAX, IN_ECX, IN_FLAGS } from '../../monitors/translator/emitter.ts';
import {
  CACHE,
  FLAGS,
  linear,
  LOADED,
  RESERVED,
  SAVED_EAX,
  SAVED_ECX,
  SAVED_FLAGS,
} from '../../monitors/translator/layout.ts';
import type { Translator } from '../../monitors/translator/monitor.ts';
import { unpacked, VIRTUAL } from '../../monitors/translator/transfer.ts';
import { registersOf } from './registers.ts';
import { guestPointerOf } from './translator-view.ts';

type Values = Readonly<Record<string, string>>;

const OF_PROGRAMS = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp', 'esp'] as const;
const SEGMENTS = { ds: DS, es: ES, fs: FS } as const;

/** What the virtual processor does not hold at the moment. */
export function guestRegisters(cpu: Cpu, monitor: Translator): Values {
  const { mode, guest } = monitor;
  if (mode === 'interpreted') return {};
  if (mode === 'translated') return ofTranslated(cpu, monitor);
  const { cr0: _, cr2: __, cr3: ___, cr4: ____, ...own } = registersOf(cpu);
  return { ...own, eflags: flagsOf(cpu, guest.words[EFLAGS]! & VIRTUAL) };
}

const flagsOf = (cpu: Cpu, virtual: number): string => hex((getFlags(cpu) & ~(VIRTUAL | FLAG_RF)) | virtual);

const stateAt = (cpu: Cpu, offset: number): number => cpu.memory.size - RESERVED + offset;

/** Registers whose guest value is in the monitor's memory where translated code stands now. */
function savedNow(cpu: Cpu, { cache }: Translator): number {
  const place = cpu.eip - linear(CACHE);
  const unit = cache.unitAt(place);
  // Before the first instruction, and where the hash leads to nothing, the registers of the look-up are in use.
  return (unit && pointAt(unit, place - unit.at)?.saved) ?? IN_EAX | IN_ECX;
}

/** Changes a general register of the guest, wherever it is at the moment. */
export function setGuestRegister(cpu: Cpu, monitor: Translator, register: number, value: number): void {
  const saved = monitor.mode === 'translated' ? savedNow(cpu, monitor) : 0;
  if (register === EAX && (saved & IN_EAX) !== 0) cpu.view.setInt32(stateAt(cpu, SAVED_EAX), value, true);
  else if (register === ECX && (saved & IN_ECX) !== 0)
    cpu.view.setInt32(stateAt(cpu, SAVED_ECX), value, true);
  else (monitor.mode === 'interpreted' ? monitor.guest : cpu).words[register] = value;
}

function ofTranslated(cpu: Cpu, monitor: Translator): Values {
  const { guest } = monitor;
  const state = (offset: number): number => cpu.view.getInt32(stateAt(cpu, offset), true);
  const saved = savedNow(cpu, monitor);
  const real = registersOf(cpu);
  const values: Record<string, string> = Object.fromEntries(OF_PROGRAMS.map((name) => [name, real[name]!]));
  if ((saved & IN_EAX) !== 0) values['eax'] = hex(state(SAVED_EAX));
  if ((saved & IN_ECX) !== 0) values['ecx'] = hex(state(SAVED_ECX));
  const flags = parseInt(flagsOf(cpu, state(FLAGS)), 16);
  const status = (saved & IN_FLAGS) !== 0 ? unpacked(state(SAVED_FLAGS)) : flags & STATUS_FLAGS;
  values['eflags'] = hex((flags & ~STATUS_FLAGS) | status);
  values['eip'] = hex(guestPointerOf(cpu, monitor)!.address - guest.bases[CS]!);
  for (const [name, segment] of Object.entries(SEGMENTS)) {
    const loaded = state(LOADED + 4 * segment);
    if (loaded !== 0) values[name] = hex(loaded & 0xffff, 4);
  }
  return values;
}
