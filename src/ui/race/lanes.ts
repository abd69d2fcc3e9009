/** How many engines run at once: one processor is left to the page. */
export const lanes = (): number => Math.max(2, (navigator.hardwareConcurrency || 2) - 1);
