/**
 * What passes between a page and its worker: requests with numbers, replies, and notices in between. Frames travel
 * with their segments as columns, so that the busiest diagram stays a small message.
 */
import type { Grading } from '../protocol/exercise.ts';
import type { Frame, StrataSegment } from '../protocol/frame.ts';
import type { Measurement, Session } from '../protocol/session.ts';

export type Method = keyof Session | keyof Grading;

/** From the page. Callbacks are left out: what they would hear comes as notices. */
export interface Request {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

export type FromPage =
  { readonly kind: 'start'; readonly lab: string } | ({ readonly kind: 'request' } & Request);

export type FromWorker =
  | { readonly kind: 'started' }
  /** The engine is gone: what happened, and nothing else comes. */
  | { readonly kind: 'failure'; readonly message: string }
  /** Alive, though busy. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'frame'; readonly frame: PackedFrame }
  | { readonly kind: 'result'; readonly measurement: Measurement }
  /** How much of the file that is being opened has been read, from 0 to 1. */
  | { readonly kind: 'opened'; readonly done: number }
  /** Cycles simulated so far by the grading under way. */
  | { readonly kind: 'graded'; readonly cycles: number }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly message: string };

/** Either end of the channel. */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

// ------------------------------------------------------------------ frames

type Key = Pick<StrataSegment, 'layer' | 'level' | 'reason'>;

interface PackedStrata {
  readonly window: readonly [number, number];
  readonly keys: readonly Key[];
  readonly from: Float64Array;
  readonly cycles: Float64Array;
  readonly ids: Uint8Array;
}

export type PackedFrame = Omit<Frame, 'strata'> & { readonly packedStrata: PackedStrata | null };

export function pack({ strata, ...frame }: Frame): PackedFrame {
  if (!strata) return { ...frame, packedStrata: null };
  const { segments, window } = strata;
  const keys: Key[] = [];
  const from = new Float64Array(segments.length);
  const cycles = new Float64Array(segments.length);
  const ids = new Uint8Array(segments.length);
  segments.forEach((segment, i) => {
    const { layer, level, reason } = segment;
    let id = keys.findIndex((k) => k.reason === reason && k.level === level && k.layer === layer);
    if (id < 0) id = keys.push({ layer, level, reason }) - 1;
    from[i] = segment.from;
    cycles[i] = segment.cycles;
    ids[i] = id;
  });
  return { ...frame, packedStrata: { window, keys, from, cycles, ids } };
}

export function unpack({ packedStrata, ...frame }: PackedFrame): Frame {
  if (!packedStrata) return { ...frame, strata: null };
  const { window, keys, from, cycles, ids } = packedStrata;
  const segments = Array.from(ids, (id, i) => ({ from: from[i]!, cycles: cycles[i]!, ...keys[id]! }));
  return { ...frame, strata: { window, segments } };
}

const isFrame = (value: unknown): value is Frame =>
  typeof value === 'object' && value !== null && 'strata' in value && 'clock' in value;
const isPacked = (value: unknown): value is PackedFrame =>
  typeof value === 'object' && value !== null && 'packedStrata' in value;

/** A reply as it travels, and as it arrives. */
export const packed = (value: unknown): unknown => (isFrame(value) ? pack(value) : value);
export const unpacked = (value: unknown): unknown => (isPacked(value) ? unpack(value) : value);
