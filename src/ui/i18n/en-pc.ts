/** English words for what happens on a PC, and for the fields of its registers. */
import type { EventWords } from './en-machine.ts';

const at = (address: string) => (address === '' ? '' : ` at ${address}`);

/** What a frame has become, in the words of a sentence. */
const frameUses: Readonly<Record<string, string>> = {
  plain: 'no table any more',
  table: 'a page table now',
  directory: 'a page directory now',
  descriptors: 'a descriptor table now',
};

export const pcSentences: Readonly<Record<string, (e: EventWords) => string>> = {
  exception: (e) =>
    `exception ${e.name}${e.mnemonic === '' ? '' : `: ${e.mnemonic}`}${at(e.at)}${e.page === '' ? '' : `, address ${e.page}`}`,
  interrupt: (e) => `interrupt ${e.code}${at(e.at)}`,
  'software-interrupt': (e) => `INT ${e.code}${at(e.at)}`,
  translate: (e) =>
    `${e.layer} translates a unit${at(e.at)}${e.name === '' ? '' : `, instructions: ${e.name}`}`,
  trace: (e) => `store${at(e.at)} into a watched page, address ${e.page}: ${e.layer} emulates it`,
  adapt: (e) =>
    `${e.layer} will translate the store${at(e.at)} as a call-out: it keeps hitting watched pages`,
  'adapt-back': (e) =>
    `${e.layer} will translate the instruction${at(e.at)} as itself again: it has gone quiet`,
  drop: (e) => `${e.layer} drops translations of code that was stored into: ${e.name}`,
  hypercall: (e) => `hypercall ${e.name}${at(e.at)}: the guest asks ${e.layer}`,
  refuse: (e) => `${e.layer} refuses: ${e.name}`,
  retype: (e) => `the frame at ${e.page} is ${frameUses[e.name] ?? e.name}`,
  silent: (e) => `${e.mnemonic}${at(e.at)} goes wrong without a trap: ${e.name}`,
  reset: (e) => `the guest resets the machine by port ${e.code}`,
  'vm-exit': (e) => `VM exit ${e.name}${at(e.at)}`,
  'system-call': (e) => `${e.subject} calls ${e.name}: ${e.code}`,
  'call-refused': (e) => `${e.subject} calls ${e.name}, refused: ${e.code}`,
  'kernel-line': (e) => `the kernel says: ${e.name}`,
};

export const pcKinds: Readonly<Record<string, string>> = {
  exception: 'exception',
  interrupt: 'interrupt',
  'software-interrupt': 'software interrupt',
  translate: 'translation',
  trace: 'store into a watched page',
  adapt: 'adapted',
  'adapt-back': 'adapted back',
  drop: 'units dropped',
  hypercall: 'hypercall',
  refuse: 'refusal',
  retype: 'change of a frame’s type',
  silent: 'silent mistake',
  reset: 'reset',
  'vm-exit': 'VM exit',
  'system-call': 'system call',
  'call-refused': 'refused call',
  'kernel-line': 'line of the kernel',
};

export const pcTerms: Readonly<Record<string, string>> = {
  program: 'Program',
  segment: 'Segment registers',
  tables: 'Descriptor tables',
  cr3: 'CR3',
  'directory-pointer-entry': 'directory pointer',
  'directory-entry': 'page directory',
  'table-entry': 'page table',
  physical: 'physical address',
  'not-present': 'not present',
};

export const pcExplain: Readonly<Record<string, string>> = {
  'eflags.cpl': 'Current privilege level: 0 is the kernel’s, 3 the programs’.',
  'eflags.iopl': 'I/O privilege level: the highest level that may use ports, CLI and STI.',
  'eflags.id': 'CPUID is there: a program that can change this bit knows.',
  'eflags.ac': 'Alignment check for programs at level 3.',
  'eflags.vm': 'Virtual-8086 mode.',
  'eflags.rf': 'Resume: the next instruction meets no breakpoint.',
  'eflags.nt': 'Nested task: IRET goes back to another task.',
  'eflags.of': 'Overflow of a signed result.',
  'eflags.df': 'Direction: a 1 makes string instructions go downwards.',
  'eflags.if': 'Interrupt flag: a 1 lets devices interrupt.',
  'eflags.tf': 'Trap flag: an exception after each instruction.',
  'eflags.sf': 'Sign of the result.',
  'eflags.zf': 'The result is zero.',
  'eflags.af': 'Carry between the two digits of a byte.',
  'eflags.pf': 'An even number of ones in the low byte.',
  'eflags.cf': 'Carry of an unsigned result.',
  'cr0.pg': 'Paging: addresses go through page tables.',
  'cr0.cd': 'Cache disabled.',
  'cr0.nw': 'Cache does not write through.',
  'cr0.am': 'EFLAGS.AC counts.',
  'cr0.wp': 'Read-only pages bind the kernel too.',
  'cr0.ne': 'Floating-point errors are exceptions, not IRQ 13.',
  'cr0.ts': 'Task switched: the next floating-point instruction is an exception.',
  'cr0.em': 'No floating-point unit: its instructions are exceptions.',
  'cr0.mp': 'WAIT heeds the task-switched bit.',
  'cr0.pe': 'Protected mode.',
  'cr4.osfxsr': 'The system saves state by FXSAVE.',
  'cr4.pce': 'Programs may read performance counters.',
  'cr4.pge': 'Global pages survive a load of CR3.',
  'cr4.pae': 'Physical addresses of 36 bits.',
  'cr4.pse': 'Pages of 4 M.',
  'cr4.de': 'Debug registers watch ports too.',
  'cr4.tsd': 'Only the kernel may read the time-stamp counter.',
};
