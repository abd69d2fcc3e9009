/** Basic exit reasons by number. SDM vol. 3C, appendix C. Those that this processor never gives are left out. */

export const EXIT_REASONS = {
  0: 'EXCEPTION_OR_NMI',
  1: 'EXTERNAL_INTERRUPT',
  2: 'TRIPLE_FAULT',
  7: 'INTERRUPT_WINDOW',
  9: 'TASK_SWITCH',
  10: 'CPUID',
  12: 'HLT',
  13: 'INVD',
  14: 'INVLPG',
  15: 'RDPMC',
  16: 'RDTSC',
  18: 'VMCALL',
  19: 'VMCLEAR',
  20: 'VMLAUNCH',
  21: 'VMPTRLD',
  22: 'VMPTRST',
  23: 'VMREAD',
  24: 'VMRESUME',
  25: 'VMWRITE',
  26: 'VMXOFF',
  27: 'VMXON',
  28: 'CONTROL_REGISTER',
  29: 'DEBUG_REGISTER',
  30: 'IO',
  31: 'RDMSR',
  32: 'WRMSR',
  33: 'INVALID_GUEST_STATE',
  34: 'MSR_LOADING',
  46: 'GDTR_IDTR',
  47: 'LDTR_TR',
  48: 'EPT_VIOLATION',
  49: 'EPT_MISCONFIGURATION',
  50: 'INVEPT',
  52: 'PREEMPTION_TIMER',
  53: 'INVVPID',
  54: 'WBINVD',
} as const;
export type ExitReason = keyof typeof EXIT_REASONS;
export type ExitName = (typeof EXIT_REASONS)[ExitReason];

/** Number of a reason by its name. */
export const REASON = Object.fromEntries(
  Object.entries(EXIT_REASONS).map(([number, name]) => [name, Number(number)]),
) as { [Name in ExitName]: ExitReason };

/** In the exit reason: the guest was never entered. */
export const ENTRY_FAILURE = 1 << 31;

/** VM-instruction errors by number. SDM vol. 3C, section 30.4. */
export const INSTRUCTION_ERRORS = {
  1: 'VMCALL in VMX root operation',
  2: 'VMCLEAR with an invalid physical address',
  3: 'VMCLEAR with the VMXON pointer',
  4: 'VMLAUNCH with a VMCS that is not clear',
  5: 'VMRESUME with a VMCS that is not launched',
  7: 'VM entry with invalid control fields',
  8: 'VM entry with invalid host-state fields',
  9: 'VMPTRLD with an invalid physical address',
  10: 'VMPTRLD with the VMXON pointer',
  11: 'VMPTRLD with an incorrect VMCS revision identifier',
  12: 'VMREAD or VMWRITE of an unsupported VMCS component',
  13: 'VMWRITE to a read-only VMCS component',
  15: 'VMXON in VMX root operation',
  26: 'VM entry with events blocked by MOV SS',
  28: 'invalid operand to INVEPT or INVVPID',
} as const;
export type InstructionError = keyof typeof INSTRUCTION_ERRORS;
