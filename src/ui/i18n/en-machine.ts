/** English words for what happens on a machine, and for the fields of its registers. */
import { pcExplain, pcKinds, pcSentences } from './en-pc.ts';

/** What a sentence about an event is made of; parts that the event does not carry are ''. */
export interface EventWords {
  readonly mnemonic: string;
  readonly at: string;
  /** The layer that takes over or acts. */
  readonly layer: string;
  readonly subject: string;
  readonly code: string;
  readonly device: string;
  readonly page: string;
  readonly name: string;
}

const of = (subject: string) => (subject === '' ? '' : ` for ${subject}`);
const at = (address: string) => (address === '' ? '' : ` at ${address}`);
const named = (name: string) => (name === '' ? '' : `: ${name}`);

const sentences: Readonly<Record<string, (e: EventWords) => string>> = {
  'program-interruption': (e) =>
    e.mnemonic === ''
      ? `program interruption${at(e.at)}${named(e.name)}, ${e.layer} takes over`
      : `trap: ${e.mnemonic}${at(e.at)}${e.name === '' ? '' : ` (${e.name})`}, ${e.layer} takes over`,
  svc: (e) => `supervisor call ${e.code}${at(e.at)}, ${e.layer} takes over`,
  'external-interruption': (e) => `external interruption${named(e.name)}, ${e.layer} takes over`,
  'machine-check': (e) => `machine check${named(e.name)}`,
  restart: (e) => `restart, ${e.layer} takes over`,
  'io-start': (e) =>
    `${e.mnemonic === '' ? `${e.layer} starts device` : `${e.mnemonic} to device`} ${e.device}${of(e.subject)}${at(e.at)}`,
  'io-instruction': (e) => `${e.mnemonic} to device ${e.device}${at(e.at)}`,
  'io-interruption': (e) => `I/O interruption from device ${e.device}, ${e.layer} takes over`,
  'io-end': (e) => `device ${e.device} has ended${of(e.subject)}`,
  simulate: (e) => `${e.layer} simulates ${e.mnemonic}${of(e.subject)}${at(e.at)}`,
  call: (e) => `${e.layer} serves ${e.name}${of(e.subject)}`,
  reflect: (e) => `${e.layer} reflects ${e.name || 'the interruption'} to ${e.subject || 'the guest'}`,
  dispatch: (e) => `${e.layer} dispatches ${e.subject || 'the guest'}${at(e.at)}`,
  'page-in': (e) => `page ${e.page} brought in${of(e.subject)}`,
  'page-out': (e) => `page ${e.page} written out${of(e.subject)}`,
  'shadow-fault': (e) => `${e.layer} fills a shadow entry for address ${e.page}${of(e.subject)}`,
  'shadow-purge': (e) => `${e.layer} discards the shadow tables${of(e.subject)}`,
  diagnose: (e) => `DIAGNOSE ${e.code}${at(e.at)}: ${e.subject || 'the guest'} asks ${e.layer}`,
  assist: (e) => `microcode does ${e.mnemonic}${at(e.at)}; no trap`,
  console: (e) => `${e.layer} types to ${e.subject}${named(e.name)}`,
  command: (e) => `command${of(e.subject)}${named(e.name)}`,
  wait: (e) => `${e.subject || 'the processor'} enters the wait state`,
};

const kinds: Readonly<Record<string, string>> = {
  'program-interruption': 'program interruption',
  svc: 'supervisor call',
  'external-interruption': 'external interruption',
  'machine-check': 'machine check',
  restart: 'restart',
  'io-start': 'I/O start',
  'io-instruction': 'I/O instruction',
  'io-interruption': 'I/O interruption',
  'io-end': 'I/O end',
  simulate: 'simulation',
  call: 'call',
  reflect: 'reflection',
  dispatch: 'dispatch',
  'page-in': 'page-in',
  'page-out': 'page-out',
  'shadow-fault': 'shadow fault',
  'shadow-purge': 'shadow purge',
  diagnose: 'DIAGNOSE',
  assist: 'assist',
  console: 'console',
  command: 'command',
  wait: 'wait',
};

/** Program interruptions by code, in the manual's words (GA22-7000, Program Interruption). */
const programInterruptions: Readonly<Record<number, string>> = {
  1: 'operation exception',
  2: 'privileged-operation exception',
  3: 'execute exception',
  4: 'protection exception',
  5: 'addressing exception',
  6: 'specification exception',
  7: 'data exception',
  8: 'fixed-point-overflow exception',
  9: 'fixed-point-divide exception',
  10: 'decimal-overflow exception',
  11: 'decimal-divide exception',
  12: 'exponent-overflow exception',
  13: 'exponent-underflow exception',
  14: 'significance exception',
  15: 'floating-point-divide exception',
  16: 'segment-translation exception',
  17: 'page-translation exception',
  18: 'translation-specification exception',
  19: 'special-operation exception',
  64: 'monitor event',
  128: 'program event',
};

const explain: Readonly<Record<string, string>> = {
  psw: 'Program-status word: what the processor needs to know to go on, in eight bytes.',
  'psw.system-mask': 'System mask: which interruptions the processor accepts.',
  'psw.channel-masks': 'Channel masks: a 1 lets that channel interrupt.',
  'psw.per': 'Program-event-recording mask: stops on chosen branches, fetches or stores.',
  'psw.dat': 'Dynamic address translation: on, addresses are virtual; off, they are real.',
  'psw.io': 'Input/output mask: a 1 lets channels interrupt.',
  'psw.external': 'External mask: a 1 lets timer, clock and the operator’s key interrupt.',
  'psw.key': 'Access key: compared with the storage key of each block that is touched; 0 fits every block.',
  'psw.ec':
    'Control mode: 0 is basic (BC) as on System/360, 1 is extended (EC), which address translation needs.',
  'psw.machine-check': 'Machine-check mask: a 1 lets faults of the hardware interrupt.',
  'psw.wait': 'Wait state: a 1 stops execution until an interruption comes.',
  'psw.problem':
    'Problem state: 1 forbids privileged instructions; trying one traps. A virtual machine always runs in it.',
  'psw.cc': 'Condition code: the outcome of the last instruction that sets it, 0 to 3; branches test it.',
  'psw.program-mask':
    'Program mask: whether fixed-point overflow, decimal overflow, exponent underflow and significance interrupt.',
  'psw.ia': 'Instruction address: where the next instruction is.',
  'psw.ic': 'Interruption code: why the last interruption came (BC mode keeps it here).',
  'psw.ilc': 'Instruction-length code: how many halfwords the last instruction had, to find its start.',
  gr: 'General register: 32 bits for numbers and addresses.',
  fpr: 'Floating-point register: 64 bits, hexadecimal exponent.',
  'cr.0': 'Control register 0: masks of external interruptions, page and segment size, and other controls.',
  'cr.1':
    'Control register 1: length and address of the segment table. Changing it changes the address space.',
  'cr.2': 'Control register 2: channel masks in EC mode.',
  'cr.6': 'Control register 6: switches of the VM assist; who is served, and how.',
  'cr.8': 'Control register 8: masks of monitor calls.',
  'cr.9': 'Control register 9: which program events are recorded, and for which registers.',
  'cr.10': 'Control register 10: first address watched for program events.',
  'cr.11': 'Control register 11: last address watched for program events.',
  'cr.14': 'Control register 14: masks of machine checks and their logging.',
  'cr.15': 'Control register 15: where the machine-check log goes.',
};

export const machine = {
  sentences: { ...sentences, ...pcSentences },
  kinds: { ...kinds, ...pcKinds },
  programInterruptions,
  explain: { ...explain, ...pcExplain },
  /** An event of a kind without a sentence of its own. */
  otherEvent: (kind: string, address: string) => `${kind}${at(address)}`,
  /** Two sentences, one after the other. */
  then: (first: string, second: string) => `${first}. ${second}`,
  enters: (layer: string) => `${layer} executes`,
  nextInstruction: (address: string, text: string) => `next: ${address} ${text}`,
  atCycle: (clock: string, layer: string) => `cycle ${clock}: ${layer} executes`,
};
