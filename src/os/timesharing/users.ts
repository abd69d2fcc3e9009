/**
 * Simulated users: each thinks for a while, starts a program, waits for its end, and thinks again. Think times are
 * exponentially distributed, programs drawn by weight; both from the seed, for each user apart from the others.
 */
import { seededRandom } from '../../base/random.ts';
import type { Program, Settings } from './settings.ts';

/** One command of a user: when it was given, and when it was done. */
export interface Interaction {
  readonly user: number;
  readonly program: string;
  readonly argument: number;
  readonly typedAt: number;
  doneAt: number;
  /** Processor time that the program took. */
  cycles: number;
  output: string;
  failure: string;
}

interface Seat {
  randomState: number;
  /** When the next command comes; Infinity while one is at work, or the user has gone home. */
  next: number;
  /** When that was first tried. */
  typedAt: number;
  /** Process at work for the user, or −1. */
  process: number;
  given: number;
}
export interface UsersState {
  seats: Seat[];
  done: Interaction[];
  /** By process. */
  open: Record<number, Interaction>;
}

/** Largest argument that a program is given. */
const ARGUMENTS = 8;

/** What a user wants done. */
export interface Command {
  readonly program: string;
  readonly argument: number;
}

export class Users {
  private readonly settings: Settings;
  private readonly programs: readonly Program[];
  private readonly script: readonly Command[];
  state: UsersState;

  /** With a `script` each user gives the one command that it has for him, at once, and goes home. */
  constructor(settings: Settings, programs: readonly Program[], script: readonly Command[] = []) {
    this.settings = settings;
    this.programs = programs.filter(({ weight }) => weight > 0);
    this.script = script;
    const seats = script.length > 0 ? script.length : this.programs.length > 0 ? settings.users : 0;
    this.state = { seats: Array.from({ length: seats }, (_, user) => this.seat(user)), done: [], open: {} };
  }
  private seat(user: number): Seat {
    const randomState = (this.settings.seed * 0x9e37_79b1 + user * 0x85eb_ca6b) | 0;
    const seat = { randomState, next: 0, typedAt: 0, process: -1, given: 0 };
    if (this.script.length === 0) seat.next = seat.typedAt = this.think(seat);
    return seat;
  }

  private draw(seat: Seat): number {
    const random = seededRandom(seat.randomState);
    const word = random.word();
    seat.randomState = random.state;
    return word / 0x1_0000_0000;
  }
  private think(seat: Seat): number {
    return Math.ceil(-Math.log(1 - this.draw(seat)) * this.settings.think * this.settings.second);
  }

  /** Cycle of the next command, or Infinity. */
  get next(): number {
    return this.state.seats.reduce((next, seat) => Math.min(next, seat.next), Infinity);
  }

  /** Has every command that is due given to `start`, which makes a process of it or says why not. */
  due(now: number, start: (user: number, program: string, argument: number) => number): void {
    this.state.seats.forEach((seat, user) => {
      if (seat.next > now) return;
      const { program, argument } = this.script[user] ?? this.drawn(seat);
      const process = start(user, program, argument);
      if (process < 0) {
        seat.next = now + this.settings.second; // no room: he tries again
        return;
      }
      const { typedAt } = seat;
      seat.next = Infinity;
      seat.process = process;
      seat.given++;
      const asked = { user, program, argument, typedAt };
      this.state.open[process] = { ...asked, doneAt: 0, cycles: 0, output: '', failure: '' };
    });
  }
  private drawn(seat: Seat): Command {
    const { name } = this.choose(seat);
    return { program: name, argument: 1 + Math.floor(this.draw(seat) * ARGUMENTS) };
  }
  private choose(seat: Seat): Program {
    const sum = this.programs.reduce((total, { weight }) => total + weight, 0);
    let left = this.draw(seat) * sum;
    return this.programs.find(({ weight }) => (left -= weight) < 0) ?? this.programs[0]!;
  }

  /** A process has ended: if it was a user's command, he reads the answer and thinks. */
  ended(process: number, now: number, outcome: Pick<Interaction, 'cycles' | 'output' | 'failure'>): void {
    const { [process]: interaction, ...others } = this.state.open;
    if (!interaction) return;
    this.state.open = others;
    this.state.done.push(Object.assign(interaction, outcome, { doneAt: now }));
    const seat = this.state.seats[interaction.user]!;
    const interactions = this.script.length > 0 ? 1 : this.settings.interactions;
    seat.process = -1;
    const home = interactions > 0 && seat.given >= interactions;
    seat.next = seat.typedAt = home ? Infinity : now + this.think(seat);
  }
}
