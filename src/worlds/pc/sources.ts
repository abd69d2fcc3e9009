/** The sources of a guest, as its debug data lead to them from the addresses of its instructions. */

export interface SourcePlace {
  /** Path from the folder of the guest's sources. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Reads memory at a linear address; what is not mapped is missing at the end. */
export type Peek = (address: number, length: number) => Uint8Array;

export interface Sources {
  /** Fetches the tables: until then no place is known. */
  fetch(): Promise<void>;
  /** Where the instruction at a linear address comes from. Memory tells programs apart that run at the same addresses. */
  placeOf(address: number, peek: Peek): SourcePlace | null;
}
