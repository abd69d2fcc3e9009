// The page of the race: brought to life as soon as it stands.
import type { Connect } from '../../ui/lab/connection.ts';
import type { RaceProps } from '../race.ts';

const connect: Connect = async (lab) => (await import('../../worker/client.ts')).connect(lab);

export async function startRace(): Promise<void> {
  const target = document.querySelector<HTMLElement>('[data-race]');
  if (!target) return;
  const [{ default: RaceView }, { hydrate }] = await Promise.all([
    import('../../ui/race/RaceView.svelte'),
    import('svelte'),
  ]);
  const props = JSON.parse(target.dataset['race'] ?? '') as RaceProps;
  hydrate(RaceView, { target, props: { ...props, connect } });
  target.dataset['ready'] = '';
}
