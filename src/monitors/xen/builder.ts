/**
 * Where domains are built: beside domain 0, which asks through the store. Murray, Milos and Hand (VEE 2008) took the
 * builder out of domain 0 in the same way, so that fewer have to be trusted with everybody's memory.
 * SIMPLIFIED: it is a part of this hypervisor, and knows only the domains that the machine was set up with.
 */
import type { Xen } from './hypervisor.ts';

export const REQUEST = '/tool/builder/request';
const ANSWER = '/tool/builder/answer';

/** Builds the domain of that name; a string says why not. */
export type Build = (name: string) => { readonly id: number } | string;

/** A request is a word and what it is about; the answer is a line, with `!` before it when nothing was done. */
export function answerTools(xen: Xen, build: Build): void {
  const value = xen.store.tree.state.nodes[REQUEST]?.value ?? '';
  const space = value.indexOf(' ');
  const [command, what] = [value.slice(0, space), value.slice(space + 1)];
  xen.store.tree.write(0, 0, ANSWER, perform(xen, build, command, what));
}

function perform(xen: Xen, build: Build, command: string, what: string): string {
  if (command === 'create') {
    const built = build(what);
    return typeof built === 'string' ? `! ${built}` : `domain ${built.id} is ${what}`;
  }
  if (command === 'console') {
    const domain = xen.domain(Number(what));
    if (!domain) return `! there is no domain ${what}`;
    xen.state.console.taker = domain.id;
    return `keys go to domain ${domain.id}; Ctrl-] brings them back`;
  }
  return `! ${command} is not done here`;
}
