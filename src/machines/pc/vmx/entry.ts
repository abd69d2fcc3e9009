/** VM entries: the checks in the manual's order, the guest's state, the event to inject. SDM vol. 3C, chapter 26. */
import { account } from '../../../accounting/vocabulary.ts';
import type { Cpu } from '../cpu.ts';
import { recordDebug } from '../debug.ts';
import { FLAG_VM } from '../eflags.ts';
import { DB } from '../exceptions.ts';
import { deliver } from '../interrupts.ts';
import { EIP } from '../registers.ts';
import type { InterruptKind } from '../wiring.ts';
import { BLOCKED_BY_MOV_SS, BLOCKED_BY_NMI, loadGuest } from './context.ts';
import { allowedControls, type AllowedControls, PIN, PRIMARY, SECONDARY, TIMER_SHIFT } from './controls.ts';
import { failEntry } from './exits.ts';
import { loadMsrs } from './msr-lists.ts';
import { REASON, type InstructionError } from './reasons.ts';
import { CONTROL_RULES, EVENT_RULES } from './rules-controls.ts';
import { FICKLE_GUEST_RULES, GUEST_RULES, LINK_RULE, SEGMENT_RULES } from './rules-guest.ts';
import { HOST_RULES } from './rules-host.ts';
import { broken, type Candidate, type Rule } from './rules.ts';
import { enterSpace } from './spaces.ts';
import { EVENT_ERROR, EVENT_TYPE, EVENT_VALID, type GuestMode, type Passed } from './unit.ts';
import { Vmcs } from './vmcs.ts';

const SWITCH = account('hardware', 'trap');
const FRAME = ~0xfff;
/** Exit qualifications of an invalid guest state. SDM vol. 3C, section 26.7. */
const BAD_PDPTE = 2;
const BAD_LINK = 4;

/** The controls as the processor asks for them while the guest runs. */
export function modeOf(cpu: Cpu, vmcs: Vmcs): GuestMode {
  const primary = vmcs.get('PRIMARY_CONTROLS');
  const secondary = (primary & PRIMARY.SECONDARY) !== 0 ? vmcs.get('SECONDARY_CONTROLS') : 0;
  const offset = vmcs.high('TSC_OFFSET') * 2 ** 32 + (vmcs.get('TSC_OFFSET') >>> 0);
  const pin = vmcs.get('PIN_CONTROLS');
  const targets = Math.min(4, vmcs.get('CR3_TARGET_COUNT') >>> 0);
  const ept = (secondary & SECONDARY.EPT) !== 0;
  return {
    at: vmcs.at,
    pin,
    primary,
    secondary,
    exit: vmcs.get('EXIT_CONTROLS'),
    entry: vmcs.get('ENTRY_CONTROLS'),
    exceptions: vmcs.get('EXCEPTION_BITMAP'),
    faultMask: vmcs.get('PAGE_FAULT_MASK'),
    faultMatch: vmcs.get('PAGE_FAULT_MATCH'),
    cr0Mask: vmcs.get('CR0_MASK'),
    cr0Shadow: vmcs.get('CR0_SHADOW'),
    cr4Mask: vmcs.get('CR4_MASK'),
    cr4Shadow: vmcs.get('CR4_SHADOW'),
    cr3Targets: (['CR3_TARGET_0', 'CR3_TARGET_1', 'CR3_TARGET_2', 'CR3_TARGET_3'] as const)
      .slice(0, targets)
      .map((name) => vmcs.get(name)),
    ioBitmaps: [vmcs.get('IO_BITMAP_A'), vmcs.get('IO_BITMAP_B')],
    msrBitmap: vmcs.get('MSR_BITMAP'),
    unrestricted: (secondary & SECONDARY.UNRESTRICTED_GUEST) !== 0,
    tscOffset: (primary & PRIMARY.TSC_OFFSETTING) !== 0 ? offset : 0,
    deadline: deadlineOf(cpu, vmcs, pin),
    ept: ept ? vmcs.get('EPT_POINTER') & FRAME : -1,
    eptDirty: ept && (vmcs.get('EPT_POINTER') & 0x40) !== 0,
    vpid: (secondary & SECONDARY.VPID) !== 0 ? vmcs.get('VPID') & 0xffff : 0,
  };
}

/** When the preemption timer reaches 0, if it runs. */
const deadlineOf = (cpu: Cpu, vmcs: Vmcs, pin: number): number =>
  (pin & PIN.PREEMPTION_TIMER) !== 0
    ? cpu.clock + (vmcs.get('PREEMPTION_TIMER') >>> 0) * 2 ** TIMER_SHIFT
    : Infinity;

/** What the controls may be follows from the model alone. */
const known = new WeakMap<Cpu, AllowedControls>();
function allowedOf(cpu: Cpu): AllowedControls {
  const found = known.get(cpu) ?? allowedControls(cpu.features);
  known.set(cpu, found);
  return found;
}

const candidateOf = (cpu: Cpu, vmcs: Vmcs, mode = modeOf(cpu, vmcs)): Candidate => ({
  cpu,
  vmcs,
  mode,
  allowed: allowedOf(cpu),
});

/** The guest's segments are such as an entry without unrestricted guests takes. */
export const segmentsFit = (cpu: Cpu, vmcs: Vmcs): boolean =>
  broken(SEGMENT_RULES, candidateOf(cpu, vmcs)) === null;

/** The rule of the manual that a VMCS breaks, in the order of the checks; null: a guest can be entered. */
export const brokenRule = (cpu: Cpu, vmcs: Vmcs): Rule | null =>
  broken([...CONTROL_RULES, ...HOST_RULES, ...GUEST_RULES, LINK_RULE], candidateOf(cpu, vmcs));

// ---------------------------------------------------------------- checks that have passed before

/** Structures that are remembered at most. */
const MOST = 8;

const virtualOf = (vmcs: Vmcs): boolean => (vmcs.get('GUEST_RFLAGS') & FLAG_VM) !== 0;

/** What passed with the same contents; undefined: nothing did. */
function passedBefore(cpu: Cpu, vmcs: Vmcs): Passed | undefined {
  const passed = cpu.vmx.passed.get(vmcs.at);
  if (!passed || passed.virtual8086 !== virtualOf(vmcs)) return undefined;
  const now = vmcs.steady();
  const { words } = passed;
  for (let k = 0; k < words.length; k++) if (words[k] !== now[k]) return undefined;
  return passed;
}

function remember({ cpu, vmcs, mode }: Candidate): void {
  const { passed } = cpu.vmx;
  if (passed.size >= MOST) passed.clear();
  passed.set(vmcs.at, { words: vmcs.steady().slice(), virtual8086: virtualOf(vmcs), mode });
}

// ---------------------------------------------------------------- entries

/** VMLAUNCH or VMRESUME of this VMCS: what it is refused for before anything is loaded, 0: nothing. */
export function tryEntry(cpu: Cpu, vmcs: Vmcs, launch: boolean): InstructionError | 0 {
  if (cpu.blocking === BLOCKED_BY_MOV_SS) return 26;
  if (launch && vmcs.launched) return 4;
  if (!launch && !vmcs.launched) return 5;
  const before = passedBefore(cpu, vmcs);
  const mode = before && { ...before.mode, deadline: deadlineOf(cpu, vmcs, before.mode.pin) };
  const candidate = candidateOf(cpu, vmcs, mode);
  if (broken(before ? EVENT_RULES : CONTROL_RULES, candidate)) return 7;
  if (!before && broken(HOST_RULES, candidate)) return 8;
  enterGuest(candidate, launch, before !== undefined);
  return 0;
}

/** Enters the guest of a VMCS that was not refused. */
function enterGuest(candidate: Candidate, launch: boolean, passed: boolean): void {
  const { cpu, vmcs, mode } = candidate;
  const cycles = cpu.model.vmx!.entry.cycles;
  cpu.spend(cycles);
  cpu.ledger.charge(SWITCH, cycles);
  cpu.vmx.listener?.entered();
  const reason = REASON.INVALID_GUEST_STATE;
  if (broken(passed ? FICKLE_GUEST_RULES : GUEST_RULES, candidate)) {
    failEntry(cpu, vmcs, mode, { reason, qualification: 0 });
    return;
  }
  if (!passed) remember(candidate);
  if (!LINK_RULE.holds(candidate)) {
    failEntry(cpu, vmcs, mode, { reason, qualification: BAD_LINK });
    return;
  }
  cpu.guest = mode;
  enterSpace(cpu, mode.vpid, mode.ept, mode.vpid === 0);
  if (!loadGuest(cpu, vmcs, mode)) {
    failEntry(cpu, vmcs, mode, { reason, qualification: BAD_PDPTE });
    return;
  }
  const failed = loadMsrs(cpu, vmcs, 'ENTRY_MSR_LOAD');
  if (failed !== 0) {
    failEntry(cpu, vmcs, mode, { reason: REASON.MSR_LOADING, qualification: failed });
    return;
  }
  if (launch) vmcs.launched = true;
  begin(cpu, vmcs);
}

/** The guest's activity, what holds interrupts off, and the event that it begins with. */
function begin(cpu: Cpu, vmcs: Vmcs): void {
  const interruptibility = vmcs.get('GUEST_INTERRUPTIBILITY');
  cpu.blocking = 0;
  cpu.shadow = (interruptibility & 3) !== 0;
  cpu.trapShadow = (interruptibility & BLOCKED_BY_MOV_SS) !== 0;
  cpu.nmiBlocked = (interruptibility & BLOCKED_BY_NMI) !== 0;
  cpu.halted = vmcs.get('GUEST_ACTIVITY') === 1;
  cpu.leaveLoop();
  const information = vmcs.get('ENTRY_INTERRUPTION');
  if ((information & EVENT_VALID) !== 0) {
    inject(cpu, vmcs, information);
    return;
  }
  const pending = vmcs.get('GUEST_PENDING_DEBUG');
  if (pending === 0 || cpu.shadow) return;
  recordDebug(cpu, pending & 0x400f);
  deliver(cpu, DB, 'exception');
}

/** SDM vol. 3C, section 26.5. The guest's exception bitmap is not asked. */
function inject(cpu: Cpu, vmcs: Vmcs, information: number): void {
  const type = (information >>> 8) & 7;
  const length = type >= EVENT_TYPE.SOFTWARE ? vmcs.get('ENTRY_INSTRUCTION_LENGTH') : 0;
  const error = (information & EVENT_ERROR) !== 0 ? vmcs.get('ENTRY_ERROR_CODE') : -1;
  cpu.words[EIP]! += length;
  cpu.shadow = false;
  cpu.trapShadow = false;
  const kind: InterruptKind =
    type === EVENT_TYPE.SOFTWARE || type === EVENT_TYPE.SOFTWARE_EXCEPTION
      ? 'software'
      : type === EVENT_TYPE.EXTERNAL
        ? 'external'
        : 'exception';
  deliver(cpu, information & 0xff, kind, error, { information, error: Math.max(0, error), length });
}
