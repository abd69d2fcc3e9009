/**
 * Development only: the lab on a made-up run. Serve it with `npx vite -c src/ui/gallery/vite.config.ts` and open
 * /src/ui/gallery/; `?lang=ja&theme=dark&panel=events` choose how it looks.
 */
import { mount } from 'svelte';
import '../tokens.css';
import '../fonts.css';
import { connectFake } from '../fixtures/session.ts';
import LabShell from '../lab/LabShell.svelte';
import { isPanel } from '../lab/panels.ts';

const query = new URLSearchParams(location.search);
const locale = query.get('lang') === 'ja' ? 'ja' : 'en';
const panel = query.get('panel') ?? '';
document.documentElement.lang = locale;
const theme = query.get('theme');
if (theme) document.documentElement.dataset['theme'] = theme;

const target = document.getElementById('lab');
if (!target) throw new Error('the page has no element #lab');
target.style.padding = 'clamp(0.75rem, 3vw, 2rem)';
mount(LabShell, {
  target,
  props: {
    locale,
    lab: 'made',
    connect: connectFake,
    technique: 'cp',
    panel: isPanel(panel) ? panel : 'registers',
    texts: {
      layers: {
        'monitor:0': 'CP',
        'monitor:1': locale === 'ja' ? '仮想計算機の中の CP' : 'CP in a virtual machine',
      },
      techniques: {
        bare: locale === 'ja' ? '実機' : 'bare machine',
        cp: 'CP',
        'cp-assist': 'CP + assist',
        'cp-under-cp': 'CP under CP',
      },
      workloads: {
        hello: locale === 'ja' ? 'あいさつ' : 'greeting',
        sort: locale === 'ja' ? '整列' : 'sorting',
      },
    },
  },
});
