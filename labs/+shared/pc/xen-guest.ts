/** Small guests of Xen in IA-32 assembly, as a chapter and its exercises start them: alone, or beside a neighbour. */
import { assembleIa32 } from '../../../src/assembler/ia32/assemble.ts';
import type { Diagnostic } from '../../../src/base/diagnostics.ts';
import type { Model } from '../../../src/machines/pc/models/classes.ts';
import type { DomainConfiguration } from '../../../src/worlds/pc/configuration.ts';
import { PcWorld } from '../../../src/worlds/pc/world.ts';
import { FLAT_FILE, LAB_MEMORY, lineAt, type Includes } from './flat.ts';
import { XEN_GUEST_ORIGIN, xenElf } from './xen-elf.ts';

/** Memory of such a guest, in bytes. */
export const XEN_GUEST_MEMORY = 2 << 20;

export interface XenGuest {
  readonly diagnostics: readonly Diagnostic[];
  /** Null when the source has errors, or Xen will not start what came of it. */
  readonly world: PcWorld | null;
}

export interface XenGuestOptions {
  /** Domains that are started before it. */
  readonly neighbours?: readonly DomainConfiguration[];
  /** The machine's disks, if domain 0 is among them; and the guest's address at its bridge. */
  readonly disks?: readonly Uint8Array[];
  readonly address?: string;
  readonly model?: Model;
}

const refusal = (message: string): Diagnostic => ({
  severity: 'error',
  span: { file: FLAT_FILE, line: 1, column: 1, endColumn: 2 },
  message: `Xen does not start this kernel: ${message}`,
  hint: 'it has to fit into 2 M with its page tables, and to begin at its first line',
});

/** Assembles `source` into a kernel and starts it as the last domain. Never throws for any source. */
export function xenGuestWorld(source: string, includes: Includes, options: XenGuestOptions = {}): XenGuest {
  const assembly = assembleIa32(source, {
    file: FLAT_FILE,
    origin: XEN_GUEST_ORIGIN,
    include: (name) => (Object.hasOwn(includes, name) ? includes[name]! : null),
  });
  if (!assembly.ok) return { diagnostics: assembly.diagnostics, world: null };
  const { neighbours = [], disks, address, model } = options;
  const guest: DomainConfiguration = {
    ...{ name: 'guest', kernel: xenElf(assembly), append: '', ramdisk: null },
    memory: XEN_GUEST_MEMORY,
    ...(address !== undefined && { address }),
  };
  const world = PcWorld.create(
    {
      memory: LAB_MEMORY,
      under: 'xen',
      ...(disks && { disks }),
      program: { kind: 'domains', domains: [...neighbours, guest] },
      ...(model && { model }),
    },
    { lineAt: lineAt(assembly) },
  );
  return typeof world === 'string'
    ? { diagnostics: [...assembly.diagnostics, refusal(world)], world: null }
    : { diagnostics: assembly.diagnostics, world };
}
