// The page that makes widgets: brought to life as soon as it stands.

export async function startMaker(): Promise<void> {
  const target = document.querySelector<HTMLElement>('[data-maker]');
  if (!target) return;
  const [{ default: Maker }, { hydrate }] = await Promise.all([
    import('../../embed/Maker.svelte'),
    import('svelte'),
  ]);
  const props = JSON.parse(target.dataset['maker'] ?? '') as Parameters<typeof Maker>[1];
  hydrate(Maker, { target, props });
  target.dataset['ready'] = '';
}
