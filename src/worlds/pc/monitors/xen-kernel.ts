/**
 * Reads what a kernel's file says to Xen: ELF notes (elfnote.h), or in older kernels the text of the section
 * `__xen_guest`. A kernel that says nothing was not written for Xen, and is refused with the reason.
 */
import type { XenKernel } from '../../../monitors/xen/domain-builder.ts';
import { NOTES } from '../../../monitors/xen/interface.ts';
import { readElf } from '../elf.ts';

const SECTION_NOTE = 7;
const SEGMENT_NOTE = 4;
const PAGE = 4096;
const align = (value: number): number => (value + 3) & ~3;

type Told = Readonly<Record<string, number | string>>;

/** Names that the text of `__xen_guest` has for what notes say. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  VIRT_BASE: 'VIRT_BASE',
  VIRT_ENTRY: 'ENTRY',
  HYPERCALL_PAGE: 'HYPERCALL_PAGE',
  ELF_PADDR_OFFSET: 'PADDR_OFFSET',
  XEN_VER: 'XEN_VERSION',
  GUEST_OS: 'GUEST_OS',
  LOADER: 'LOADER',
  PAE: 'PAE_MODE',
  FEATURES: 'FEATURES',
};
const NUMBERS: ReadonlySet<string> = new Set([
  'VIRT_BASE',
  'ENTRY',
  'HYPERCALL_PAGE',
  'PADDR_OFFSET',
  'INIT_P2M',
]);

const textOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end));
};

/** Notes of the name "Xen" between two offsets. */
function notesIn(view: DataView, from: number, length: number): Told {
  const told: Record<string, number | string> = {};
  for (let at = from; at + 12 <= from + length;) {
    const [nameLength, size, type] = [0, 4, 8].map((k) => view.getUint32(at + k, true)) as [
      number,
      number,
      number,
    ];
    const value = at + 12 + align(nameLength);
    if (value + size > view.byteLength) break;
    const bytes = (start: number, count: number): Uint8Array =>
      new Uint8Array(view.buffer, view.byteOffset + start, count);
    const key = (NOTES as Readonly<Record<number, string>>)[type];
    if (key && textOf(bytes(at + 12, nameLength)) === 'Xen')
      told[key] = NUMBERS.has(key) ? view.getUint32(value, true) : textOf(bytes(value, size));
    at = value + align(size);
  }
  return told;
}

function oldText(text: string): Told {
  const told: Record<string, number | string> = {};
  for (const item of text.split(',')) {
    const [name = '', value = ''] = item.split('=');
    const key = OLD_NAMES[name];
    if (key) told[key] = NUMBERS.has(key) ? Number(value) : value;
  }
  // The page is named by its number there.
  const base = Number(told['VIRT_BASE'] ?? 0);
  if (typeof told['HYPERCALL_PAGE'] === 'number')
    told['HYPERCALL_PAGE'] = base + told['HYPERCALL_PAGE'] * PAGE;
  told['PADDR_OFFSET'] ??= base;
  return told;
}

interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

function sectionsOf(file: Uint8Array, view: DataView): Section[] {
  const { sections } = readElf(file) as Exclude<ReturnType<typeof readElf>, string>;
  if (!sections) return [];
  const headers = new DataView(
    sections.headers.buffer,
    sections.headers.byteOffset,
    sections.headers.byteLength,
  );
  const word = (index: number, k: number): number => headers.getUint32(40 * index + 4 * k, true);
  const names = word(sections.names.index, 4);
  return Array.from({ length: sections.count }, (_, k) => ({
    name: textOf(file.subarray(Math.min(names + word(k, 0), view.byteLength))),
    type: word(k, 1),
    offset: word(k, 4),
    size: word(k, 5),
  })).filter(({ type, offset, size }) => type === 8 || offset + size <= view.byteLength);
}

/** All that the file says to Xen; null: nothing. */
function toldBy(file: Uint8Array, view: DataView): Told | null {
  const sections = sectionsOf(file, view);
  const [table, size, count] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  const programs = Array.from({ length: count }, (_, k) => table + k * size)
    .filter((at) => view.getUint32(at, true) === SEGMENT_NOTE)
    .map((at) => [view.getUint32(at + 4, true), view.getUint32(at + 16, true)] as const);
  const noted = sections
    .filter(({ type }) => type === SECTION_NOTE)
    .map(({ offset, size: s }) => [offset, s] as const);
  const notes = [...programs, ...noted]
    .filter(([offset, length]) => offset + length <= view.byteLength)
    .map(([offset, length]) => notesIn(view, offset, length));
  const told: Told = Object.assign({}, ...notes) as Told;
  if (Object.keys(told).length > 0) return told;
  const old = sections.find(({ name }) => name === '__xen_guest');
  return old ? oldText(textOf(file.subarray(old.offset, old.offset + old.size))) : null;
}

/** Why this hypervisor does not start a kernel that was written for some Xen. */
function complaintAbout(told: Told): string | null {
  const pae = String(told['PAE_MODE'] ?? 'no');
  // A bimodal kernel takes either kind.
  if (pae.startsWith('yes') && !pae.includes('bimodal'))
    return 'the kernel asks for page tables of 64-bit entries (PAE=yes, xen-3.0-x86_32p); this Xen has those of 32 bits (xen-3.0-x86_32): build the kernel without PAE';
  const version = String(told['XEN_VERSION'] ?? 'xen-3.0');
  if (version !== 'xen-3.0') return `the kernel is for the interface ${version}; this Xen has xen-3.0`;
  const loader = String(told['LOADER'] ?? 'generic');
  return loader === 'generic' ? null : `the kernel asks for the loader ${loader}; there is generic`;
}

const UNMODIFIED =
  'the kernel was not written for Xen: its file has no Xen notes and no section __xen_guest. At level 1 its privileged instructions would fault and its POPF would lose the interrupt flag without a word; a kernel as it is needs full virtualization (--under translator, or hardware that helps)';

/** The kernel as the domain builder wants it; a string says why it is refused. */
export function readXenKernel(file: Uint8Array): XenKernel | string {
  const elf = readElf(file);
  if (typeof elf === 'string') return `${elf}: Xen starts ELF kernels that were written for it`;
  const told = toldBy(file, new DataView(file.buffer, file.byteOffset, file.byteLength));
  if (!told) return UNMODIFIED;
  const complaint = complaintAbout(told);
  if (complaint !== null) return complaint;
  const number = (key: string): number | null => {
    const value = told[key];
    return typeof value === 'number' ? value >>> 0 : null;
  };
  const virtualBase = number('VIRT_BASE') ?? 0;
  const offset = number('PADDR_OFFSET') ?? 0;
  return {
    entry: number('ENTRY') ?? elf.entry,
    virtualBase,
    hypercallPage: number('HYPERCALL_PAGE'),
    segments: elf.segments.map(({ physical, bytes, size }) => ({
      virtual: (virtualBase + physical - offset) >>> 0,
      bytes,
      size,
    })),
  };
}
