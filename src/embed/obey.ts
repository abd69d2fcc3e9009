/** Does what the page around a widget asks of its lab. */
import { techniquesFor } from '../protocol/frame.ts';
import type { LabState } from '../ui/lab/lab-state.svelte.ts';
import type { Notice, Request } from './schema/messages.ts';
import { Refusal } from './talk.ts';

type State = Extract<Notice, { type: 'state' }>;
type Load = Extract<Request, { type: 'load' }>;

/** How a lab stands that has not been started. */
export const OFF: State = {
  ...{ type: 'state', clock: 0, instructions: 0, running: false, stop: 'off' },
  ...{ workload: '', technique: '', fragment: null },
};

export function stateOf(lab: LabState, fragment: string | null = null): State {
  const { frame, running, setup } = lab;
  return {
    type: 'state',
    clock: frame?.clock ?? 0,
    instructions: frame?.instructions ?? 0,
    running,
    stop: running ? 'running' : (frame?.stop.kind ?? 'off'),
    workload: setup.workload,
    technique: setup.technique,
    fragment,
  };
}

/** Whether the request needs a running engine; the others are answered for a widget that is still off. */
export const needsEngine = ({ type }: Request): boolean => type !== 'pause' && type !== 'getState';

const STRIDES = {
  step: { instruction: 'step', over: 'stepOver', transfer: 'nextTransfer' },
  back: { instruction: 'stepBack', transfer: 'previousTransfer' },
} as const;

export async function obey(lab: LabState, request: Request): Promise<State> {
  if (request.type !== 'pause') await lab.settled;
  if (lab.phase === 'failed' || lab.phase === 'unsupported') throw new Refusal('engine', lab.failure);
  switch (request.type) {
    case 'play':
      if (request.speed !== undefined) await lab.setSpeed(request.speed === 'full' ? null : request.speed);
      if (!lab.running) await lab.run();
      return stateOf(lab);
    case 'pause':
      await lab.pause();
      return stateOf(lab);
    case 'step':
      await lab.do(STRIDES.step[request.stride]);
      return stateOf(lab);
    case 'back':
      await lab.do(STRIDES.back[request.stride]);
      return stateOf(lab);
    case 'seek':
      await lab.seek(request.clock);
      return stateOf(lab);
    case 'reset':
      await lab.do('reset');
      return stateOf(lab);
    case 'load':
      await load(lab, request);
      return stateOf(lab);
    case 'getState':
      return stateOf(lab, await lab.fragment());
    case 'setState':
      await lab.open(request.fragment);
      if (lab.unread) throw new Refusal('state', 'The fragment is damaged, or another lab’s state.');
      return stateOf(lab, request.fragment);
  }
}

async function load(lab: LabState, { workload, technique, program, constants, seed }: Load): Promise<void> {
  const workloads = lab.offer?.workloads ?? [];
  const techniques = lab.offer ? techniquesFor(lab.offer, workload ?? lab.setup.workload) : [];
  const unknown = (what: string, value: string | undefined, known: readonly string[]) => {
    if (value !== undefined && !known.includes(value))
      throw new Refusal('fields', `This lab has no ${what} ${value}. It has: ${known.join(', ')}.`);
  };
  unknown('workload', workload, workloads);
  unknown('technique', technique, techniques);
  await lab.load({
    ...(workload === undefined ? {} : { workload }),
    ...(technique === undefined ? {} : { technique }),
    ...(program === undefined ? {} : { source: program }),
    ...(constants === undefined ? {} : { constants }),
    ...(seed === undefined ? {} : { seed }),
  });
  const wrong = lab.loaded?.diagnostics.find(({ severity }) => severity === 'error');
  if (lab.loaded?.ok === false)
    throw new Refusal(
      'source',
      wrong ? `Line ${wrong.span.line}: ${wrong.message}` : 'The source has errors.',
    );
}
