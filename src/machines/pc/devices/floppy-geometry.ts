/** Shapes of diskettes, and which drive the machine has for each. */

export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectors: number;
  /** Type of drive as CMOS memory names it: 1 360K, 2 1.2M, 3 720K, 4 1.44M, 5 2.88M. */
  readonly drive: number;
}

const SHAPES: readonly (readonly [
  kilobytes: number,
  cylinders: number,
  heads: number,
  sectors: number,
  drive: number,
])[] = [
  [160, 40, 1, 8, 1],
  [180, 40, 1, 9, 1],
  [320, 40, 2, 8, 1],
  [360, 40, 2, 9, 1],
  [720, 80, 2, 9, 3],
  [1200, 80, 2, 15, 2],
  [1440, 80, 2, 18, 4],
  [2880, 80, 2, 36, 5],
];

const geometry = ([, cylinders, heads, sectors, drive]: (typeof SHAPES)[number]): Geometry => ({
  cylinders,
  heads,
  sectors,
  drive,
});

/** By size: an image of no known size lies at the beginning of a diskette of 1.44 M, or of 2.88 M. */
export function geometryOf(bytes: number): Geometry {
  const known = SHAPES.find(([kilobytes]) => kilobytes * 1024 === bytes);
  return geometry(
    known ?? SHAPES.find(([kilobytes]) => kilobytes >= 1440 && kilobytes * 1024 >= bytes) ?? SHAPES.at(-1)!,
  );
}
