/** Does what a chapter's text asks of its lab. */
import type { Do } from './do.ts';
import type { LabState } from './lab-state.svelte.ts';
import type { PanelId } from './panels.ts';

export async function obey(lab: LabState, wish: Do): Promise<void> {
  /** Shows the terminal that is to be typed at. */
  const terminal = (wanted: string | null) => {
    lab.panel = 'terminal';
    lab.terminal = wanted ?? lab.frame?.terminals?.[0]?.id ?? '';
    return lab.terminal;
  };
  switch (wish.command) {
    case 'run':
      return lab.run();
    case 'pause':
      return lab.pause();
    case 'step':
      return lab.do('step');
    case 'step-back':
      return lab.do('stepBack');
    case 'step-over':
      return lab.do('stepOver');
    case 'next-transfer':
      return lab.do('nextTransfer');
    case 'previous-transfer':
      return lab.do('previousTransfer');
    case 'reset':
      return lab.do('reset');
    case 'sweep':
      lab.panel = 'sweep';
      return lab.runSweep();
    case 'run-to-event':
      return lab.runToEvent(wish.kind);
    case 'run-to-address':
      return lab.runToAddress(wish.address);
    case 'seek':
      return lab.seek(wish.clock);
    case 'load':
      return lab.load({
        ...(wish.workload === null ? {} : { workload: wish.workload }),
        ...(wish.technique === null ? {} : { technique: wish.technique }),
      });
    case 'panel':
      lab.panel = wish.panel;
      return;
    case 'compare':
      lab.panel = 'overhead';
      return lab.compare(wish.workload);
    case 'race':
      await turnTo(lab, 'race', wish.workload);
      if (wish.techniques) lab.race.entered = wish.techniques;
      return lab.race.start();
    case 'vary':
      await turnTo(lab, 'sensitivity', wish.workload);
      lab.varies = wish.constant ?? '';
      return (await import('../race/ask.ts')).vary(lab);
    case 'eras':
      await turnTo(lab, 'eras', wish.workload);
      return (await import('../race/ask.ts')).goThroughEras(lab);
    case 'type':
      return lab.input({ kind: 'type', terminal: terminal(wish.terminal), text: wish.text });
    case 'attention':
      return lab.input({ kind: 'attention', terminal: terminal(wish.terminal) });
  }
}

/** Shows a panel that runs engines of its own, with a workload to run. */
async function turnTo(lab: LabState, panel: PanelId, workload: string | null): Promise<void> {
  lab.panel = panel;
  if (workload !== null && workload !== lab.setup.workload) await lab.load({ workload });
  await lab.settled;
}
