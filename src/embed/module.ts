/** Entry of a widget's document where modules and workers load from files: everything beyond the picture comes later. */
import type { Component } from 'svelte';
import '../protocol/no-eval.ts';
import '../ui/fonts.css';
import '../ui/tokens.css';
import './embed.css';
import { start } from './start.ts';

const labs = import.meta.glob<Component<Record<string, unknown>>>('/labs/[0-9]*/Lab.svelte', {
  import: 'default',
});

start({
  load: async (lab) => {
    const load = labs[`/labs/${lab}/Lab.svelte`];
    if (!load) throw new Error(`no lab ${lab}`);
    const [Lab, run] = await Promise.all([load(), import('./run.ts')]);
    return { Lab, run };
  },
  connect: async (lab) => (await import('../worker/client.ts')).connect(lab),
});
