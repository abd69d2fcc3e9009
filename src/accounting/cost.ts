/** Cost constants: a number of cycles never stands alone, it carries where it came from. */

/** How far a figure can be trusted. */
export type Certainty =
  | 'published' // read in the source named
  | 'derived' // arithmetic on published figures
  | 'recalled' // known from the source named but not checked against it
  | 'estimate'; // set here so that the published totals come out; never used to validate them

export interface Cost {
  readonly cycles: number;
  readonly source: string;
  readonly certainty: Certainty;
}
