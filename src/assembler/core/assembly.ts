/** What an assembler hands back, whatever the instruction set. */
import type { Diagnostic, Span } from '../../base/diagnostics.ts';

export type SymbolKind = 'label' | 'equate' | 'section' | 'dummy section';

export interface AssembledSymbol {
  readonly name: string;
  /** Address, or the number an equate stands for; an offset where `section` is a dummy section. */
  readonly value: number;
  /** Length attribute, in bytes. */
  readonly length: number;
  readonly kind: SymbolKind;
  /** Section it lies in; null for an absolute value. */
  readonly section: string | null;
  readonly definedAt: Span;
}

/** Which source line made `length` bytes at `address`. In a macro, `line` is the outermost call. */
export interface SourceMapEntry {
  readonly address: number;
  readonly length: number;
  readonly file: string;
  readonly line: number;
  readonly kind: 'instruction' | 'data';
  /** The macro's own line, where a macro generated the bytes. */
  readonly model?: { readonly file: string; readonly line: number };
}

/** The bytes of one control section. */
export interface Segment {
  readonly name: string;
  readonly address: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Assembly {
  /** No errors; warnings may remain. The bytes are there in either case, zero where a statement failed. */
  readonly ok: boolean;
  /** Lowest address. */
  readonly origin: number;
  /** From the lowest to the highest address. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly segments: readonly Segment[];
  /** Where execution begins: the operand of END, or the start of the first control section. */
  readonly entry: number;
  /** In the order of their names. */
  readonly symbols: readonly AssembledSymbol[];
  /** In the order of addresses. */
  readonly sourceMap: readonly SourceMapEntry[];
  /** Printed anew at each call: few ask for it. */
  readonly listing: () => string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The symbol called `name` (case does not count), or undefined. */
export function findSymbol(assembly: Assembly, name: string): AssembledSymbol | undefined {
  const wanted = name.toUpperCase();
  return assembly.symbols.find((symbol) => symbol.name.toUpperCase() === wanted);
}
