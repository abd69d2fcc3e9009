/** How a run looks: frames, from the world's parts and from what has been seen of the run. */
import type { World, WorldSink } from '../lab/world.ts';
import type {
  EventView,
  Frame,
  Input,
  StopView,
  StorageView,
  StrataSegment,
  View,
} from '../protocol/frame.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { Excerpt, History } from './history.ts';
import { merged } from './segments.ts';
import { TransferWatch } from './transfers.ts';

/** Segments in one frame: what a diagram can show, and what a message may hold. */
const MOST_SEGMENTS = 2000;
/** Longest stretch that is run again to see it more closely. */
const LONGEST_EXCERPT = 3_000_000;
/** An overview with fewer stretches than this in the window is too coarse to show. */
const FINE_ENOUGH = 300;

interface CachedExcerpt {
  readonly from: number;
  readonly to: number;
  readonly excerpt: Excerpt;
}

export class Look {
  /** Events told so far, by kind: for breakpoints. */
  readonly told = new Map<string, number>();
  private readonly world: World;
  private readonly timeline: Timeline<Input>;
  private readonly history: History;
  private cached: CachedExcerpt | null = null;
  private shown: StorageView | null = null;
  private also: WorldSink | null = null;

  constructor(world: World, timeline: Timeline<Input>) {
    this.world = world;
    this.timeline = timeline;
    this.history = new History(timeline.start);
    this.listen();
  }

  /** What happens goes into the history, to breakpoints, and to whoever else wants it. */
  private listen(): void {
    const { history, told } = this;
    this.world.observe({
      segment: (segment) => {
        history.segment(segment);
        this.also?.segment(segment);
      },
      event: (event) => {
        history.event(event);
        told.set(event.kind, (told.get(event.kind) ?? 0) + 1);
      },
    });
  }

  alsoTell(sink: WorldSink | null): void {
    this.world.flush();
    this.also = sink;
  }

  /** The run goes back: what follows repeats what has been seen. */
  repeats(): void {
    this.world.flush();
    this.history.repeatsUpTo(this.timeline.end);
  }

  /** The run takes another course from `clock` on. */
  cut(clock: number): void {
    this.world.flush();
    this.history.cut(clock);
    if (this.cached && this.cached.to > clock) this.cached = null;
  }

  // ---------------------------------------------------------------- the past, once more

  /** Runs the stretch again with `sink` listening; the present is untouched. */
  private again(from: number, to: number, sink: WorldSink): void {
    const { world, timeline } = this;
    world.flush();
    world.observe(null);
    timeline.revisit(from, () => {
      world.observe(sink);
      while (world.clock < to) {
        const before = world.clock;
        timeline.run(to - before);
        if (world.clock === before) break;
      }
      world.flush();
      world.observe(null);
    });
    this.listen();
  }

  transfersIn(from: number, to: number): readonly number[] {
    const watch = new TransferWatch();
    this.again(from, to, watch);
    return watch.at;
  }

  private excerpt(from: number, to: number): Excerpt {
    const { cached } = this;
    if (cached && cached.from <= from && cached.to >= to) return cached.excerpt;
    // A little more on both sides: the window will move.
    const margin = Math.ceil((to - from) / 2);
    const begin = Math.max(this.timeline.start, from - margin);
    const end = Math.min(this.timeline.end, to + margin);
    const excerpt = new Excerpt();
    this.again(begin, end, excerpt);
    this.cached = { from: begin, to: end, excerpt };
    return excerpt;
  }

  // ---------------------------------------------------------------- frames

  private strata(view: View): Frame['strata'] {
    const { segments } = this.history;
    const clock = this.world.clock;
    const [from, to] = view.strataWindow ?? [Math.max(0, clock - view.strataCycles), Math.max(clock, 1)];
    const found = this.segmentsIn(from, Math.min(to, segments.end)).map((s) => within(s, from, to));
    return { window: [from, to], segments: merged(found, view.strataGrain, MOST_SEGMENTS) };
  }

  private segmentsIn(from: number, to: number): readonly StrataSegment[] {
    const { segments } = this.history;
    if (to <= from) return [];
    if (from >= segments.start) return segments.exact(from, to);
    const length = to - from;
    if (length / segments.overviewGrain >= FINE_ENOUGH || length > LONGEST_EXCERPT)
      return segments.coarse(from, to);
    const excerpt = this.excerpt(from, to);
    if (excerpt.overflowed) return segments.coarse(from, to);
    return excerpt.segments.filter((s) => s.from < to && s.from + s.cycles > from);
  }

  private events(most: number): readonly EventView[] {
    const { clock } = this.world;
    if (clock > this.history.eventsStart) return this.history.events(clock, most);
    const from = this.timeline.checkpointBefore(clock);
    if (clock - from > LONGEST_EXCERPT) return [];
    return this.excerpt(from, clock)
      .events.filter((event) => event.clock <= clock)
      .slice(-most);
  }

  private storage(now: StorageView | null): StorageView | null {
    const before = this.shown;
    this.shown = now;
    if (!now || before?.address !== now.address || before.bytes.length !== now.bytes.length) return now;
    const changed: number[] = [];
    now.bytes.forEach((byte, i) => {
      if (byte !== before.bytes[i]) changed.push(now.address + i);
    });
    return { ...now, changed };
  }

  frame(view: View, stop: StopView): Frame {
    const { world, timeline } = this;
    world.flush();
    // Excerpts come first: they run the world, and bring it back.
    const strata = view.parts.includes('strata') ? this.strata(view) : null;
    const events = view.parts.includes('events') ? this.events(view.events) : null;
    const parts = world.parts(view);
    return {
      clock: world.clock,
      instructions: world.instructions,
      nanoseconds: world.clock * world.cycleNanoseconds,
      stop,
      span: [timeline.start, timeline.end],
      layer: world.layer(),
      ...parts,
      storage: this.storage(parts.storage),
      strata,
      events,
    };
  }
}

/** The part of a segment that lies in the window. */
function within(segment: StrataSegment, from: number, to: number): StrataSegment {
  const begin = Math.max(segment.from, from);
  const end = Math.min(segment.from + segment.cycles, to);
  return { ...segment, from: begin, cycles: end - begin };
}
