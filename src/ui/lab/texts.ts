/** What a chapter calls its own things, in the language shown; everything else has words of its own in i18n. */
import type { LayerNames } from '../layers.ts';

type Names = Readonly<Record<string, string>>;

export interface LabTexts {
  readonly workloads?: Names;
  readonly techniques?: Names;
  /** By `layer` or `layer:level`, e.g. `monitor:0` is "CP". */
  readonly layers?: LayerNames;
  readonly constants?: Names;
  /** Figures that a comparison tells beside cycles. */
  readonly figures?: Names;
  /** Explanations of register fields, by the key that frames carry; they win over the general ones. */
  readonly explain?: Names;
  /** Heading of the last column of the tasks, e.g. "Pages in storage". */
  readonly taskDetail?: string;
}
