/**
 * Entry of a widget's document that has no origin, as in a sandboxed frame or a file: one plain script, and an engine
 * whose worker starts from text, because neither modules nor workers load from files there.
 */
import type { Component } from 'svelte';
import '../protocol/no-eval.ts';
import '../ui/fonts.css';
import '../ui/tokens.css';
import './embed.css';
import type { Connect } from '../ui/lab/connection.ts';
import { connectWorker } from '../worker/client/wire.ts';
import type { Facts } from './facts.ts';
import * as run from './run.ts';
import { start } from './start.ts';

declare global {
  /** Sources of the engines, by lab: put there by the engine's script or by the document. */
  var strataEngines: Partial<Record<string, string>> | undefined;
}

const labs = import.meta.glob<Component<Record<string, unknown>>>('/labs/[0-9]*/Lab.svelte', {
  eager: true,
  import: 'default',
});

function fetchEngine(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`the engine could not be loaded from ${script.src}`));
    document.head.append(script);
  });
}

const connect: Connect = async (lab) => {
  const facts = JSON.parse(document.querySelector('main')?.dataset['facts'] ?? '') as Facts;
  if (globalThis.strataEngines?.[lab] === undefined && facts.engine !== null) await fetchEngine(facts.engine);
  const source = globalThis.strataEngines?.[lab];
  if (source === undefined) throw new Error(`the engine of ${lab} is not in this document`);
  const address = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const connection = connectWorker(new Worker(address, { name: lab }), lab);
  URL.revokeObjectURL(address);
  return connection;
};

/** A document that carries options and state of its own has them here. */
const carried = document.querySelector('#strata-given')?.textContent;

start(
  {
    load: async (lab) => {
      const Lab = labs[`/labs/${lab}/Lab.svelte`];
      if (!Lab) throw new Error(`no lab ${lab}`);
      return { Lab, run };
    },
    connect,
  },
  carried ? (JSON.parse(carried) as { query: string; fragment: string }) : undefined,
);
