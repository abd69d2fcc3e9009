/**
 * One disk of several images: the first keeps the beginning, the others become its second to fourth partitions, named
 * in a table in the first sector as an IBM PC has it. A file system may stand in front of such a table as long as it
 * leaves the end of that sector alone.
 */
const SECTOR = 512;
const TABLE_AT = 446;
const ENTRY = 16;
const MOST = 4;
const SIGNATURE = 0xaa55;
/** Of a partition: a file system of Linux, by its number. */
const LINUX = 0x83;
/** Partitions begin at whole blocks of 4 K. */
const ALIGNMENT = 4096;

const up = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** The disk; a string says why the images cannot share one. */
export function partitioned(images: readonly Uint8Array[]): Uint8Array | string {
  const [first] = images;
  if (!first) return 'a disk needs an image';
  if (images.length > MOST) return `a disk has ${MOST} partitions, and there are ${images.length} images`;
  if (first.subarray(TABLE_AT, SECTOR).some((byte) => byte !== 0))
    return 'the first image uses the end of its first sector, where a table of partitions has to stand';
  const disk = new Uint8Array(images.reduce((sum, image) => sum + up(image.length), 0));
  const view = new DataView(disk.buffer);
  let at = 0;
  images.forEach((image, k) => {
    disk.set(image, at);
    const entry = TABLE_AT + k * ENTRY;
    view.setUint8(entry + 4, LINUX);
    view.setUint32(entry + 8, at / SECTOR, true);
    view.setUint32(entry + 12, up(image.length) / SECTOR, true);
    at += up(image.length);
  });
  view.setUint16(SECTOR - 2, SIGNATURE, true);
  return disk;
}
