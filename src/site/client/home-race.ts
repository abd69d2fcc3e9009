// The race of the home page: a recording until somebody touches it, then the engines themselves.
import type { Connect } from '../../ui/lab/connection.ts';
import type { HomeRaceProps } from '../home-race.ts';

const connect: Connect = async (lab) => (await import('../../worker/client.ts')).connect(lab);

export function startHomeRace(): void {
  const target = document.querySelector<HTMLElement>('[data-race]');
  const button = target?.querySelector('button');
  if (!target || !button) return;
  button.hidden = false;
  const begin = (): void => {
    if (button.disabled) return;
    button.disabled = true;
    void run(target);
  };
  button.addEventListener('click', begin);
  target.querySelector('figure')?.addEventListener('click', begin);
}

async function run(target: HTMLElement): Promise<void> {
  const [{ default: LiveRace }, { mount }] = await Promise.all([
    import('../../ui/race/LiveRace.svelte'),
    import('svelte'),
  ]);
  const props = JSON.parse(target.dataset['race'] ?? '') as HomeRaceProps;
  target.replaceChildren();
  mount(LiveRace, { target, props: { ...props, connect } });
}
