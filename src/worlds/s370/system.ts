/**
 * What stands on the hardware of a world: the guest alone, or monitors with their guests. The world asks it for
 * everything that differs between the two; a monitor joins by offering the same (`virtualize`).
 */
import type {
  Frame,
  Input,
  SharingView,
  TaskView,
  TerminalView,
  TranslationView,
} from '../../protocol/frame.ts';
import type { GuestEnd, WorldSink } from '../../lab/world.ts';
import type { Action, Simulated } from '../../monitors/cp/simulate.ts';
import type { Subject } from './subject.ts';

/** The layer of a guest as a row of its own for each user, where there are several. */
export const ofUser = (layer: string, user: string): string =>
  user !== '' && layer.startsWith('guest-') ? `${layer}@${user}` : layer;

/** Why a user's guest could not go on ('' when it ended by itself), and when. */
export type Endings = Readonly<Record<string, { readonly failure: string; readonly clock: number }>>;

export interface System {
  /** All that can be looked at; the first one is the innermost guest, which '' names. */
  readonly subjects: readonly Subject[];
  /** Puts the guest's bytes into its storage; '' or why there is no room for them. */
  load(images: readonly { readonly address: number; readonly bytes: Uint8Array }[]): string;
  /** Puts the guest's PSW in force. */
  begin(psw: readonly [number, number]): void;
  /** Puts a fellow user's bytes and PSW into his machine; before `begin`. */
  loadFellow(
    index: number,
    images: readonly { readonly address: number; readonly bytes: Uint8Array }[],
    psw: readonly [number, number],
  ): void;
  /** The load key of the guest; '' or why it failed. */
  ipl(device: number): string;
  /** Puts a student's pieces in the place of the highest monitor's own, by mnemonic. */
  replace(pieces: ReadonlyMap<Simulated, Action>): void;
  /** How the innermost guest ended, once a monitor has stopped it for good. */
  readonly guestEnd: GuestEnd | null;
  /** Gives external input; false if there is nothing here that takes it. */
  input(input: Input): boolean;
  /** Whether the subject's instructions execute next. */
  executes(subject: Subject): boolean;
  terminals(): readonly TerminalView[];
  /** Where there are several users: whose machine executes, or ''. */
  user(): string;
  /** What the guest has printed, or the user of that name. */
  printer(user?: string): string;
  /** Figures of its own for the report of a run. */
  report?(): Readonly<Record<string, unknown>>;
  /** How its processes share the machine, where it has any. */
  sharing?(): SharingView;
  /** By user: how his guest has ended, and at which cycle; where each has a machine of his own. */
  endings?(): Endings;
  tasks(): readonly TaskView[] | null;
  /** Tables beside the subject's own, e.g. the shadow table that stands for them. */
  tables(subject: Subject): TranslationView['tables'];
  /** Layer that executes next. */
  layer(): Frame['layer'];
  /** Where the monitor's own events go. */
  observe(sink: WorldSink | null): void;
  save(): unknown;
  restore(state: unknown): void;
}
