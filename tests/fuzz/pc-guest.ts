/** Random guests of the PC: kernel and program, with what a monitor must get right. The seed is all that they depend on. */
import { seededRandom, type Random } from '../../src/base/random.ts';
import { runtime } from './pc-runtime.ts';

const REGISTERS = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp'] as const;
const BYTES = ['al', 'ah', 'bl', 'bh', 'cl', 'ch', 'dl', 'dh'] as const;
const ARITHMETIC = ['add', 'sub', 'adc', 'sbb', 'and', 'or', 'xor', 'cmp', 'test', 'mov'] as const;
const CONDITIONS = [
  'o',
  'no',
  'c',
  'nc',
  'z',
  'nz',
  'be',
  'a',
  's',
  'ns',
  'p',
  'np',
  'l',
  'ge',
  'le',
  'g',
] as const;
const SELECTORS = [
  0, 8, 0x10, 0x13, 0x1b, 0x20, 0x23, 0x28, 0x30, 0x33, 0x38, 0x3b, 0x40, 0x48, 0x4c, 0x1000,
] as const;

class Writer {
  readonly random: Random;
  private labels = 0;
  readonly lines: string[] = [];
  private readonly level: 'kernel' | 'user';

  constructor(random: Random, level: 'kernel' | 'user') {
    this.random = random;
    this.level = level;
  }
  pick<T>(from: readonly T[]): T {
    return from[this.random.below(from.length)]!;
  }
  put(...lines: string[]): void {
    this.lines.push(...lines.map((line) => `        ${line}`));
  }
  label(): string {
    return `${this.level}_${this.labels++}`;
  }
  place(label: string): void {
    this.lines.push(`${label}:`);
  }
  get register(): string {
    return this.pick(REGISTERS);
  }
  get number(): number {
    const { random } = this;
    return this.pick([random.below(16), random.below(65536), random.word(), 0x80000000, 0xffffffff, 1]);
  }
  /** Within the window, perhaps across a page. */
  get address(): string {
    return `WINDOW + ${this.random.below(0x7ff0)}`;
  }

  /** What may fault: the handler goes on behind it. */
  risky(...lines: string[]): void {
    const behind = this.label();
    this.put(`mov dword [${this.level === 'user' ? 'resume_user' : 'resume'}], ${behind}`, ...lines);
    this.place(behind);
  }
}

type Piece = (w: Writer) => void;

const arithmetic: Piece = (w) => {
  const r = w.register;
  switch (w.random.below(7)) {
    case 0:
      w.put(`${w.pick(ARITHMETIC)} ${r}, ${w.register}`);
      break;
    case 1:
      w.put(`${w.pick(ARITHMETIC)} ${r}, ${w.number}`);
      break;
    case 2:
      w.put(`${w.pick(ARITHMETIC)} ${w.pick(BYTES)}, ${w.pick(BYTES)}`);
      break;
    case 3:
      w.put(`${w.pick(['shl', 'shr', 'sar', 'rol', 'ror', 'rcl', 'rcr'])} ${r}, ${w.random.below(34)}`);
      break;
    case 4:
      w.put(`${w.pick(['inc', 'dec', 'neg', 'not', 'bswap'])} ${r}`);
      break;
    case 5:
      w.put(`imul ${r}, ${w.register}, ${w.number}`);
      break;
    default:
      w.put(`set${w.pick(CONDITIONS)} ${w.pick(BYTES)}`, `cmov${w.pick(CONDITIONS)} ${r}, ${w.register}`);
  }
};

const memory: Piece = (w) => {
  switch (w.random.below(4)) {
    case 0:
      w.risky(`${w.pick(ARITHMETIC)} ${w.register}, [${w.address}]`);
      break;
    case 1:
      w.risky(`${w.pick(ARITHMETIC)} [${w.address}], ${w.register}`);
      break;
    case 2:
      w.risky(
        `mov ebx, ${w.random.below(0x1fff)}`,
        `${w.pick(['inc', 'not', 'neg'])} dword [WINDOW + ebx*4]`,
      );
      break;
    default:
      w.risky(`xchg ${w.register}, [${w.address}]`);
  }
};

const stack: Piece = (w) => {
  w.put(`push ${w.register}`, `push dword ${w.number}`, `pop ${w.register}`, `pop ${w.register}`);
  if (w.random.below(3) === 0) w.put('pushad', 'popad');
};

const flags: Piece = (w) => {
  const wanted = w.random.word() & 0x200ad5;
  w.put(`push dword ${wanted | 2}`, 'popfd', 'pushfd', `pop ${w.register}`, 'cld');
};

const strings: Piece = (w) => {
  const operation = w.pick([
    'rep movsd',
    'rep movsb',
    'rep stosd',
    'repe cmpsb',
    'repne scasb',
    'movsb',
    'lodsd',
    'stosb',
  ]);
  const backwards = w.random.below(4) === 0;
  w.risky(
    `mov esi, ${w.address}`,
    `mov edi, ${w.address}`,
    `mov ecx, ${w.random.below(600)}`,
    backwards ? 'std' : 'cld',
    operation,
  );
  w.put('cld');
};

const branch: Piece = (w) => {
  const over = w.label();
  w.put(`j${w.pick(CONDITIONS)} ${over}`);
  for (let k = w.random.below(4); k >= 0; k--) arithmetic(w);
  w.place(over);
};

const loop: Piece = (w) => {
  const [again, mine] = [w.label(), w.label()];
  w.put(`mov ecx, ${1 + w.random.below(40)}`);
  w.place(again);
  w.put('push ecx');
  for (let k = w.random.below(3); k >= 0; k--) w.pick([arithmetic, memory, branch, callAndReturn])(w);
  w.put('pop ecx');
  if (w.random.below(2) === 0) w.put('dec ecx', `jnz ${again}`);
  else w.put(`jecxz ${mine}`, 'dec ecx', `jnz ${again}`);
  w.place(mine);
};

const callAndReturn: Piece = (w) => {
  const [routine, behind] = [w.label(), w.label()];
  const how = w.random.below(3);
  if (how === 0) w.put(`call ${routine}`);
  else if (how === 1) w.put(`mov eax, ${routine}`, 'call eax');
  else w.put(`mov dword [WINDOW + 0x7ff8], ${routine}`, `mov edx, WINDOW`, 'call [edx + 0x7ff8]');
  w.put(`jmp ${behind}`);
  w.place(routine);
  arithmetic(w);
  w.put(w.random.below(4) === 0 ? 'push eax\n        lea esp, [esp + 4]\n        ret' : 'ret');
  w.place(behind);
};

/** Code that patches an instruction behind or before it. */
const modifies: Piece = (w) => {
  const [patched, again] = [w.label(), w.label()];
  const r = w.pick(['eax', 'ebx', 'edx', 'esi', 'edi', 'ebp']);
  if (w.random.below(2) === 0) {
    w.put(`mov dword [${patched} + 1], ${w.number}`);
    if (w.random.below(2) === 0) w.put('nop', 'nop');
    w.place(patched);
    w.put(`mov eax, strict dword 5`);
    return;
  }
  w.put(`mov ecx, ${1 + w.random.below(12)}`);
  w.place(again);
  w.place(patched);
  w.put(
    `add ${r}, strict dword ${w.number}`,
    `add dword [${patched} + 2], ${w.random.below(1000)}`,
    'dec ecx',
    `jnz ${again}`,
  );
};

const exceptions: Piece = (w) => {
  w.risky(
    w.pick([
      'xor ebx, ebx\n        div ebx',
      'ud2',
      'int3',
      `int ${w.pick([0x22, 0x31, 0x3f, 3, 13, 0x50, 0x80])}`,
      'mov al, 127\n        add al, 1\n        into',
      'mov eax, [0x500000]',
      'mov [0xfffffff0], eax',
      'mov eax, [0xffc00000]',
      'mov dword [0xffd00010], 5',
      'mov eax, [cs:WINDOW + 8]',
      'jmp 0x600000',
      'call 0x600000',
      'mov eax, 0xffcc0040\n        jmp eax',
      'db 0x0f, 0xff',
      'lock nop',
    ]),
  );
};

const segments: Piece = (w) => {
  const segment = w.pick(['ds', 'es', 'fs', 'gs']);
  w.risky(
    ...w.pick([
      [`mov ax, ${w.pick(SELECTORS)}`, `mov ${segment}, ax`],
      [`push dword ${w.pick(SELECTORS)}`, `pop ${segment}`],
    ]),
    w.pick([`mov eax, [${segment}:0x20]`, `mov [${segment}:0xff8], ecx`, `mov eax, ${segment}`, 'nop']),
  );
  restoreSegments(w);
};

/** The stack may be one off after a POP that has faulted. */
function restoreSegments(w: Writer): void {
  const data = w.lines.length === 0 ? 0 : 0x10;
  w.put(`mov edx, ${data}`, 'mov ds, edx', 'mov es, edx');
}

const asks: Piece = (w) => {
  w.put(
    ...w.pick([
      ['mov eax, cr0', 'mov ebx, cr3', 'mov ecx, cr4'],
      ['smsw eax', 'smsw bx'],
      ['sgdt [WINDOW + 0x10]', 'sidt [WINDOW + 0x18]'],
      ['str eax', 'sldt ebx'],
      ['mov eax, cs', 'mov ebx, ds', 'mov ecx, ss'],
      ['push cs', 'pop eax', 'movzx eax, ax', 'push ss', 'pop ebx', 'movzx ebx, bx'],
      [`mov eax, ${w.pick(SELECTORS)}`, 'lar ebx, eax', 'setz cl', 'lsl edx, eax', 'setz ch'],
      [`mov eax, ${w.pick(SELECTORS)}`, 'verr ax', 'setz bl', 'verw ax', 'setz bh'],
      // All but VMX, which a monitor may keep from its guests.
      ['mov eax, 1', 'cpuid', 'and ecx, ~0x20'],
      ['pushfd', 'pop eax', 'and eax, 0x3ed5'],
      ['cli', 'pushfd', 'pop eax', 'sti', 'nop', 'pushfd', 'pop ebx'],
    ]),
  );
};

const descriptors: Piece = (w) => {
  const entry = w.random.below(4);
  w.put(
    `mov word [spare + ${8 * entry}], ${w.pick([0x7ff, 0xffff, 0x10])}`,
    `mov byte [spare + ${8 * entry} + 5], ${w.pick([0xf2, 0x92, 0xf0, 0x90, 0x72, 0xfa, 0x96])}`,
  );
  segments(w);
};

/** Edits the entry of a page of the window, and tells the processor; later accesses may fault. */
const pageTables: Piece = (w) => {
  const page = w.random.below(7);
  const frame = 0x140 + w.random.below(8);
  const rights = w.pick([7, 7, 7, 3, 5, 1, 0, 0x67, 0x27, 0x47]);
  w.put(
    `mov dword [TABLES + 0x1000 + 4*${0x140 + page}], ${(frame << 12) | rights}`,
    `invlpg [WINDOW + ${page << 12}]`,
  );
  memory(w);
  if (w.random.below(3) === 0) w.put('mov eax, cr3', 'mov cr3, eax');
  if (w.random.below(4) === 0)
    w.put(`btr dword [TABLES + 0x1000 + 4*${0x140 + page}], 6`, `invlpg [WINDOW + ${page << 12}]`);
};

const writeProtection: Piece = (w) => {
  w.put('mov eax, cr0', 'xor eax, 0x10000', 'mov cr0, eax');
};

const floats: Piece = (w) => {
  w.risky(
    ...w.pick([
      ['fld1', `fild dword [${w.address}]`, 'faddp', `fstp qword [${w.address}]`],
      ['fldpi', 'fmul st0, st0', `fistp dword [${w.address}]`],
      [`fnstcw [${w.address}]`],
    ]),
  );
};

const waits: Piece = (w) => {
  w.put('sti', 'hlt');
};

const COMMON: readonly Piece[] = [
  arithmetic,
  arithmetic,
  arithmetic,
  memory,
  memory,
  stack,
  flags,
  strings,
  branch,
  loop,
  callAndReturn,
  modifies,
  exceptions,
  floats,
];
const KERNEL: readonly Piece[] = [
  ...COMMON,
  segments,
  asks,
  descriptors,
  pageTables,
  pageTables,
  writeProtection,
  waits,
];
const privileged: Piece = (w) => {
  w.risky(
    w
      .pick([
        'cli',
        'hlt',
        'mov eax, cr0',
        'lgdt [WINDOW]',
        'in al, 0x20',
        'mov cr3, eax',
        'invlpg [WINDOW]',
        'clts',
        'iretd_never: sti',
      ])
      .replace('iretd_never: ', ''),
  );
};
const USER: readonly Piece[] = [...COMMON, privileged];

/**
 * Source of the guest of a seed.
 * @param patience how much slower its clock ticks: a tick must be longer than what a monitor needs to deliver it
 */
export function randomGuest(seed: number, pieces = 40, patience = 1): string {
  const random = seededRandom(seed);
  const kernel = new Writer(random, 'kernel');
  const user = new Writer(random, 'user');
  for (let k = 0; k < pieces; k++) user.pick(USER)(user);
  for (let k = 0; k < pieces; k++) {
    kernel.pick(KERNEL)(kernel);
    if (random.below(12) !== 0) continue;
    // A program finds the window as it is now.
    kernel.put('mov eax, user', 'call to_user');
    kernel.put('mov ax, 0x10', 'mov ds, ax', 'mov es, ax');
  }
  // Counts of the interval timer.
  const clock = patience * (14 + random.below(100));
  return runtime(kernel.lines.join('\n'), user.lines.join('\n'), clock);
}
