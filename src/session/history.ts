/** What has been seen of a run: segments and events, each kept once, however often a stretch is run again. */
import type { WorldSink } from '../lab/world.ts';
import type { EventView, StrataSegment } from '../protocol/frame.ts';
import { Segments } from './segments.ts';

const MOST_EVENTS = 4096;

export class History implements WorldSink {
  readonly segments: Segments;
  private list: EventView[] = [];
  /** Events up to here are known: a repeated run tells them again. */
  private known: number;
  /** Some event was dropped for want of room. */
  private dropped = false;
  /** Hears the events that are new or repeated, for breakpoints. */
  heard: ((event: EventView) => void) | null = null;
  private readonly begin: number;

  constructor(start: number) {
    this.begin = start;
    this.known = start - 1;
    this.segments = new Segments(start);
  }

  segment(segment: StrataSegment): void {
    this.segments.add(segment);
  }

  event(event: EventView): void {
    this.heard?.(event);
    if (event.clock <= this.known) return;
    this.list.push(event);
    if (this.list.length < 2 * MOST_EVENTS) return;
    this.list = this.list.slice(-MOST_EVENTS);
    this.dropped = true;
  }

  /** From now on the run repeats what was seen up to `clock`. */
  repeatsUpTo(clock: number): void {
    this.known = Math.max(this.known, clock);
  }

  /** First cycle from which all events are known. */
  get eventsStart(): number {
    return this.dropped ? (this.list[0]?.clock ?? 0) : this.begin;
  }

  /** The latest `most` events up to `clock`. */
  events(clock: number, most: number): EventView[] {
    const end = this.list.findLastIndex((event) => event.clock <= clock) + 1;
    return this.list.slice(Math.max(0, end - most), end);
  }

  cut(clock: number): void {
    this.segments.cut(clock);
    this.list = this.list.filter((event) => event.clock <= clock);
    this.known = Math.min(this.known, clock);
  }
}

/** Segments that an excerpt may hold: a window with more of them is shown from the overview. */
const MOST_SEGMENTS = 100_000;

/** Everything in a stretch that was looked at again. */
export class Excerpt implements WorldSink {
  readonly segments: StrataSegment[] = [];
  readonly events: EventView[] = [];
  /** Too much for one window. */
  overflowed = false;

  segment(segment: StrataSegment): void {
    const last = this.segments.at(-1);
    if (last?.reason === segment.reason && last.level === segment.level && last.layer === segment.layer)
      this.segments[this.segments.length - 1] = { ...last, cycles: last.cycles + segment.cycles };
    else if (this.segments.length < MOST_SEGMENTS) this.segments.push(segment);
    else this.overflowed = true;
  }

  event(event: EventView): void {
    this.events.push(event);
    if (this.events.length >= 2 * MOST_EVENTS) this.events.splice(0, MOST_EVENTS);
  }
}
